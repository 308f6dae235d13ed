#pragma once

#include "ocpi/http/http_client.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/salvage.hpp"
#include "ocpi/partners/partner.hpp"
#include "ocpi/protocol/routing_headers.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::partners {

/// By what right, and how carefully, another platform is called.
struct platform_access {
    /// Names the platform in logs and errors.
    std::string name;
    /// As it stands in credentials: not encoded. A secret.
    std::string token;
    bool is_trusted = false;
};

platform_access access_to(const partner& registered);

/// A call of another platform's OCPI interface.
struct platform_request {
    std::string method = "GET";
    /// Absolute.
    std::string url;
    /// A JSON text, or empty.
    std::string body;
    /// For functional modules; left empty for versions and credentials.
    protocol::routing routing;
    /// Of the request that caused this one; empty: a new one.
    std::string correlation_id;
    /// False: an HTTP 2xx without an envelope is an answer too (204, an empty body, `OK`), as some
    /// platforms acknowledge a push.
    bool needs_envelope = true;
};

/// What another platform has answered.
struct platform_answer {
    int http_status = 0;
    /// OCPI's; 0 when there is no envelope. A status_code given as a text counts as its number.
    int status_code = 0;
    /// The platform's own words, fit for logs: without control characters, and with *** in place
    /// of whatever might be a token. May be empty.
    std::string status_message;
    http::headers headers;
    /// The whole body, an element of a list that cannot be read as null; std::nullopt when an HTTP
    /// error came without an envelope, or any answer to a request that needs none.
    std::optional<json::document> envelope;
    /// Those elements of the list `data`, in its order.
    std::vector<json::lost_element> lost;
    /// The beginning of a body that is no envelope, fit for logs like status_message.
    std::string body_excerpt;
    /// For how long the platform asks not to be called again; at most an hour.
    std::optional<std::chrono::seconds> retry_after;

    /// HTTP 2xx with a status code of 1000 to 1999.
    bool is_success() const noexcept;
    /// HTTP 2xx without an envelope: only where the request needs none.
    bool is_bare_success() const noexcept;
    /// The envelope's data; nothing when absent or null.
    std::optional<json::value> data() const;
    /// `HTTP 200, status code 2001 (missing field)`, or `HTTP 502 ("<html>…")`: for logs and for
    /// people.
    std::string describe() const;
};

/// Calls the OCPI interfaces of other platforms: token, ids and routing headers on the way out,
/// the envelope on the way back [OCPI transport and format]. Safe from any thread.
class platform_client {
public:
    explicit platform_client(std::shared_ptr<http::http_client> http) : http_(std::move(http)) {}

    /// The platform's answer, be it a refusal. errc::partner_failure when there is none or when
    /// it is not OCPI's; the text names the platform.
    boost::asio::awaitable<result<platform_answer>> call(platform_access to,
                                                         platform_request request) const;

private:
    std::shared_ptr<http::http_client> http_;
};

/// An answer that refuses, or is not what was asked for, as errc::partner_failure.
error unusable_answer(const platform_access& from, const std::string& what);

}  // namespace ocpi::partners
