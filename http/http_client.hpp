#pragma once

#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace ocpi::http {

/// Where a request may go. URLs come from other platforms, who might name our own network.
enum class reach {
    public_https,  ///< https, to public addresses only
    anywhere,      ///< also http and private addresses: for a platform that is marked as trusted
};

/// A request to another platform.
struct outbound_request {
    /// `GET`, `PUT`, …
    std::string method;
    /// Absolute: `https://cpo.example.com/ocpi/versions?limit=10`.
    std::string url;
    /// Host, Content-Length and Connection are not among them; the client sees to those.
    http::headers headers;
    std::string body;
    http::reach reach = http::reach::public_https;
    /// Whose connections to use: the name of the partner. Those of different pools never wait
    /// for one another.
    std::string pool;
};

/// Sends requests to other platforms, as a port: tests play the other side through it.
///
/// May be called from any thread and from any coroutine, many times at once; the coroutine
/// resumes upon its own executor.
class http_client {
public:
    virtual ~http_client() = default;

    /// The answer, whatever its status. errc::partner_failure when there is none: the URL is not
    /// one that may be fetched, no connection, no valid TLS certificate, too slow, too large, not
    /// HTTP. The error's text says which and names the host, never a header.
    virtual boost::asio::awaitable<result<response>> send(outbound_request request) = 0;
};

}  // namespace ocpi::http
