#pragma once

#include "http/http_client.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/salvage.hpp"
#include "ocpi/protocol/routing_headers.hpp"
#include "ocpi/protocol/trace_context.hpp"
#include "partners/call_observer.hpp"
#include "partners/partner.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::partners {

/// Access data for calling another platform.
struct platform_access {
    /// The platform's name in logs and errors.
    std::string name;
    /// As in credentials, not encoded. A secret.
    std::string token;
    bool is_trusted = false;
    /// Form of the token as known to the caller.
    token_form form = token_form::base64;
    /// Maximum total wait of a call when the platform requests it (HTTP 429 or 503 with a
    /// Retry-After); zero: such an answer is returned at once.
    std::chrono::seconds patience{0};

    friend bool operator==(const platform_access&, const platform_access&) = default;
};

platform_access access_to(const partner& registered);

/// A request to another platform's OCPI interface.
struct platform_request {
    std::string method = "GET";
    /// Absolute.
    std::string url;
    /// A JSON text, or empty.
    std::string body;
    /// For functional modules; empty for versions and credentials.
    protocol::routing routing;
    /// Of the request that caused this one; empty: a new id.
    std::string correlation_id;
    /// Of the request that caused this one; none: a new trace.
    protocol::trace_context trace;
    /// For observers.
    call_purpose purpose = call_purpose::registration;
    /// How many times the caller has sent it before.
    int attempts = 0;
    /// False: an HTTP 2xx without an envelope is accepted too (204, an empty body, `OK`), as some
    /// platforms acknowledge a push.
    bool needs_envelope = true;
};

/// The answer of another platform.
struct platform_answer {
    int http_status = 0;
    /// OCPI's; 0 without an envelope. A status_code sent as a string is converted.
    int status_code = 0;
    /// The platform's message, safe for logs: without control characters, and with *** in place of
    /// possible tokens. May be empty.
    std::string status_message;
    http::headers headers;
    /// The whole body, with unreadable list elements as null; std::nullopt when an HTTP error has
    /// no envelope, or any answer to a request that needs none.
    std::optional<json::document> envelope;
    /// The unreadable elements of the list `data`, in its order.
    std::vector<json::lost_element> lost;
    /// The beginning of a body without envelope, safe for logs like status_message.
    std::string body_excerpt;
    /// The pause requested by the platform; at most an hour.
    std::optional<std::chrono::seconds> retry_after;

    /// HTTP 2xx with a status code of 1000 to 1999.
    bool is_success() const noexcept;
    /// HTTP 2xx without an envelope, only for requests that need none.
    bool is_bare_success() const noexcept;
    /// The envelope's data; std::nullopt when absent or null.
    std::optional<json::value> data() const;
    /// `HTTP 200, status code 2001 (missing field)`, or `HTTP 502 ("<html>…")`, and the requested
    /// pause: for logs and for people.
    std::string describe() const;
};

/// The wait before the same request is sent again: the Retry-After of an answer with HTTP 429 or
/// 503, if `patience` covers it. std::nullopt: it is not sent again.
std::optional<std::chrono::seconds> pause_before_retry(const platform_answer& answer,
                                                       std::chrono::seconds patience);

/// True if an answer may mean that the platform does not accept the token in the form sent: HTTP
/// 401 or 403, or status code 2002.
bool refuses_token(const platform_answer& answer) noexcept;

/// True if an answer shows that the platform knows the token: a success, or a refusal of the
/// request's content (status code 2001 and the like). A proxy's error page shows nothing.
bool knows_token(const platform_answer& answer) noexcept;

/// Calls the OCPI interfaces of other platforms: adds token, ids and routing headers, and parses
/// the envelope [OCPI transport and format]. Each attempt has its own X-Request-ID. A token refused
/// in one form is tried once in the other, and the form that worked is used for that platform from
/// then on (docs/partners.md). Safe from any thread; copies share what they have learned.
class platform_client {
public:
    /// Called when a platform has accepted a token after refusing its other form; `form` of the
    /// argument is the accepted one. The call continues when it is done. Must not throw.
    using form_listener = std::function<boost::asio::awaitable<void>(platform_access)>;
    /// Waits for a period.
    using pause_function = std::function<boost::asio::awaitable<void>(std::chrono::seconds)>;

    /// `on_form` may be empty. Without `pause`, waits in real time. `observer` may be nullptr.
    explicit platform_client(std::shared_ptr<http::http_client> http, form_listener on_form = {},
                             pause_function pause = {},
                             std::shared_ptr<call_observer> observer = nullptr);

    /// The platform's answer, also a refusal. errc::partner_failure without an answer or when it is
    /// not OCPI's; the text names the platform.
    boost::asio::awaitable<result<platform_answer>> call(platform_access to,
                                                         platform_request request) const;

    /// The current form of that platform's token: as learned by calls, else as given.
    token_form form_for(const platform_access& to) const;

private:
    struct shared;

    static boost::asio::awaitable<result<platform_answer>> call_in_any_form(
        std::shared_ptr<shared> with, platform_access to, platform_request& request);
    static boost::asio::awaitable<result<platform_answer>> send(std::shared_ptr<shared> with,
                                                                const platform_access& to,
                                                                platform_request& request);

    std::shared_ptr<shared> shared_;
};

/// errc::partner_failure for a refusal or an unexpected answer.
error unusable_answer(const platform_access& from, const std::string& what);

}  // namespace ocpi::partners
