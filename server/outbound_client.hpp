#pragma once

#include "http/http_client.hpp"
#include "server/outbound_options.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace ocpi::server {

/// Calls other platforms over TCP and TLS. Certificates are always verified. Connections are reused
/// within the execution context that opened them; idle ones do not keep it running. A request that
/// finds its reused connection closed is sent once more on a new one, if its method is idempotent.
/// Redirects are followed within one origin, three in a row: 307 and 308 of any request, with its
/// method and body; 301 and 302 of a GET or HEAD. A request sent again has a new X-Request-ID, if
/// it has one. With reach::public_https the connection uses the address that was checked.
///
/// May be destroyed at any time: requests in progress are finished, idle connections are closed.
class outbound_client final : public http::http_client {
public:
    /// Throws std::runtime_error when the certificate authority file cannot be used.
    explicit outbound_client(outbound_options options = {});
    ~outbound_client() override;
    outbound_client(const outbound_client&) = delete;
    outbound_client& operator=(const outbound_client&) = delete;

    /// Requests in progress fail at once, and new ones before they begin, until reopen().
    void shut_down();
    void reopen();

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace ocpi::server
