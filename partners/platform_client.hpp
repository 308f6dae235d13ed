#pragma once

#include "http/http_client.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/salvage.hpp"
#include "ocpi/protocol/routing_headers.hpp"
#include "partners/partner.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
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
    /// How the token is sent, as far as the caller knows.
    token_form form = token_form::base64;
    /// For how long a call may wait in all where the platform asks for that (HTTP 429 or 503 with
    /// a Retry-After); zero: such an answer is the caller's matter at once.
    std::chrono::seconds patience{0};

    friend bool operator==(const platform_access&, const platform_access&) = default;
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
    /// `HTTP 200, status code 2001 (missing field)`, or `HTTP 502 ("<html>…")`, and for how long
    /// the platform is not to be called: for logs and for people.
    std::string describe() const;
};

/// For how long to wait before the same request is sent again: what an answer with HTTP 429 or 503
/// says in its Retry-After, as long as `patience` covers it. std::nullopt: it is not sent again.
std::optional<std::chrono::seconds> pause_before_retry(const platform_answer& answer,
                                                       std::chrono::seconds patience);

/// True when an answer may mean that the platform does not know the token in the form in which it
/// was sent: HTTP 401 or 403, or status code 2002.
bool refuses_token(const platform_answer& answer) noexcept;

/// True when an answer shows that the platform knows the token: a success, or a refusal on account
/// of what was asked for (status code 2001 and the like). A proxy's error page shows nothing.
bool knows_token(const platform_answer& answer) noexcept;

/// Calls the OCPI interfaces of other platforms: token, ids and routing headers on the way out,
/// the envelope on the way back [OCPI transport and format]. Each try has an X-Request-ID of its
/// own. Where the token is refused in one form it is tried once in the other, and what worked
/// counts for that platform from then on (docs/partners.md). Safe from any thread; copies share
/// what they have learned.
class platform_client {
public:
    /// Told in which form a platform has taken a token that it had refused in the other: `form` of
    /// what it is given. The call goes on when it is done. Must not throw.
    using form_listener = std::function<boost::asio::awaitable<void>(platform_access)>;
    /// Lets time pass.
    using pause_function = std::function<boost::asio::awaitable<void>(std::chrono::seconds)>;

    /// `on_form` may be empty. Without `pause`, real time passes.
    explicit platform_client(std::shared_ptr<http::http_client> http, form_listener on_form = {},
                             pause_function pause = {});

    /// The platform's answer, be it a refusal. errc::partner_failure when there is none or when
    /// it is not OCPI's; the text names the platform.
    boost::asio::awaitable<result<platform_answer>> call(platform_access to,
                                                         platform_request request) const;

    /// How that platform's token is sent now: what was learned by calls, else what is given.
    token_form form_for(const platform_access& to) const;

private:
    struct shared;

    static boost::asio::awaitable<result<platform_answer>> call_in_any_form(
        std::shared_ptr<shared> with, platform_access to, const platform_request& request);

    std::shared_ptr<shared> shared_;
};

/// An answer that refuses, or is not what was asked for, as errc::partner_failure.
error unusable_answer(const platform_access& from, const std::string& what);

}  // namespace ocpi::partners
