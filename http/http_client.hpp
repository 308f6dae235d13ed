#pragma once

#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace ocpi::http {

/// Where a request may go. Other platforms supply the URLs and might name our own network.
enum class reach {
    public_https,  ///< https, to public addresses only
    anywhere,      ///< also http and private addresses: for platforms marked as trusted
};

/// A request to another platform.
struct outbound_request {
    /// `GET`, `PUT`, …
    std::string method;
    /// Absolute: `https://cpo.example.com/ocpi/versions?limit=10`.
    std::string url;
    /// Without Host, Content-Length and Connection, which the client adds.
    http::headers headers;
    std::string body;
    http::reach reach = http::reach::public_https;
    /// The connection pool to use, named after the partner. Requests of different pools never wait
    /// for each other.
    std::string pool;
};

/// Sends requests to other platforms, as a port: tests simulate the other platform through it.
///
/// Safe from any thread and any coroutine, concurrently; the coroutine resumes on its caller's
/// executor.
class http_client {
public:
    virtual ~http_client() = default;

    /// Returns the answer, whatever its status. errc::partner_failure when there is none: URL not
    /// allowed, no connection, invalid TLS certificate, timeout, too large, not HTTP. The error's
    /// text names the cause and the host, never a header.
    virtual boost::asio::awaitable<result<response>> send(outbound_request request) = 0;
};

}  // namespace ocpi::http
