#pragma once

#include "auth/principal.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/protocol/trace_context.hpp"

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// How much of an answer was sent.
enum class delivery {
    none,         ///< the client left before there was an answer
    interrupted,  ///< the client left, or was too slow, while the answer was sent
    complete,
};

/// `none`, `interrupted`, `complete`.
std::string_view to_string(delivery how) noexcept;

/// The values of request_report::route that are no path of the router.
namespace route_name {
inline constexpr std::string_view unmatched = "unmatched";  ///< no route has the path
inline constexpr std::string_view unread = "unread";        ///< the request was not received
inline constexpr std::string_view page = "page";            ///< a page without a token
inline constexpr std::string_view preflight = "preflight";  ///< CORS
inline constexpr std::string_view server = "*";             ///< `OPTIONS *`
}  // namespace route_name

/// One request and its answer. The connection makes it and adds times and bytes, the pipeline the
/// rest. The texts of string_views last as long as the server.
struct request_report {
    /// Arrival of the first byte.
    std::chrono::system_clock::time_point started_at;
    /// From the first byte until the answer has been written, or a streamed one has ended.
    std::chrono::steady_clock::duration duration{};
    /// The part of it between the last byte received and the first one sent.
    std::chrono::steady_clock::duration handling{};
    /// The other end of the connection, a proxy's if there is one.
    boost::asio::ip::address peer;
    /// As received or made. A client's ids may be as long as a header and hold any characters but
    /// control characters. Empty if there was no answer.
    std::string request_id;
    std::string correlation_id;
    /// As received if it is valid, else made. All zero if there was no answer.
    protocol::trace_context trace;
    /// It came with credentials, valid or not.
    bool has_credentials = false;
    /// nullptr: not authenticated.
    std::shared_ptr<const auth::principal> caller;
    /// GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS or `other`; empty: no header was received.
    std::string_view method;
    /// What the router has matched, such as `/ocpi/emsp/2.3.0/sessions/{country_code}/…`, or one of
    /// route_name: one of a fixed set.
    std::string_view route = route_name::unread;
    /// 0: the client left before there was an answer.
    int status = 0;
    /// 0: the answer has no envelope.
    int ocpi_status = 0;
    /// Why no handler was asked: the name of an errc, or `disconnected`. Empty: a handler or a page
    /// has answered.
    std::string_view refusal;
    http::delivery delivery = http::delivery::none;
    /// The answer was produced while it was sent, as events are: its duration is the reader's.
    bool is_stream = false;
    /// With headers, without TLS. For Application::answer(), of the bodies.
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

/// Takes part in every request's end, as a port: access log, metrics.
class request_observer {
public:
    virtual ~request_observer() = default;

    /// Called once for each request of which at least one byte has arrived, refused ones included:
    /// when its answer has been written, its stream has ended, or the client has left. Runs on the
    /// connection's thread, concurrently for different connections, which waits for it: it must
    /// return quickly.
    virtual void on_finished(const request_report& report) noexcept = 0;
};

/// One observer for several; nullptr for none. None of them may be nullptr.
std::shared_ptr<request_observer> join_observers(
    std::vector<std::shared_ptr<request_observer>> observers);

/// `method` as a report names it.
std::string_view known_method(std::string_view method) noexcept;

}  // namespace ocpi::http
