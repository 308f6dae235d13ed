#pragma once

#include "http/http_client.hpp"
#include "server/outbound_options.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>

namespace ocpi::server {

/// Calls other platforms over TCP and TLS. Certificates are verified, always. Connections are
/// kept for further requests, within the execution context that made them; they wait without
/// work, so a context that has nothing else to do runs out. A request that found its kept
/// connection closed is sent once more on a new one, if its method is idempotent. Redirects are
/// followed within one origin, three in a row: 307 and 308 of any request, with its method and
/// body; 301 and 302 of a GET or HEAD. A request that is sent again has a new X-Request-ID, if it
/// has any. With reach::public_https the address that is
/// connected to is the very one that was judged.
///
/// Destroy it whenever you like: requests under way are finished, kept connections are closed.
class outbound_client final : public http::http_client {
public:
    /// Throws std::runtime_error when the file of certificate authorities cannot be used.
    explicit outbound_client(outbound_options options = {});
    ~outbound_client() override;
    outbound_client(const outbound_client&) = delete;
    outbound_client& operator=(const outbound_client&) = delete;

    /// Requests under way fail at once, and further ones before they begin, until reopen().
    void shut_down();
    void reopen();

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace ocpi::server
