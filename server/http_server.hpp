#pragma once

#include "http/request_handler.hpp"
#include "http/request_observer.hpp"
#include "ocpi/base/logger.hpp"
#include "server/limits.hpp"
#include "server/server_report.hpp"
#include "server/tls_certificates.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace ocpi::server {

/// An HTTP/1.1 server: passes requests that arrive on its addresses to a request_handler.
///
/// It runs on any executor, of an io_context run by several threads or of a host program; each
/// connection is one coroutine on its own strand. Members may be called from any thread. The
/// executor's context must outlive the server.
class http_server {
public:
    /// Handler, logger, certificates and observer are kept until the last connection has ended.
    /// `tls` may be nullptr: no TLS; `observer` may be nullptr; the others not.
    http_server(boost::asio::any_io_executor executor,
                std::shared_ptr<http::request_handler> handler, const limits& bounds,
                std::shared_ptr<logger> log, std::shared_ptr<const tls_certificates> tls = nullptr,
                std::shared_ptr<http::request_observer> observer = nullptr);
    /// Closes everything that stop() has not closed.
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    /// Accepts connections on `host:port`, with a numeric host or `localhost`: `127.0.0.1:8000`,
    /// `[::1]:8000`. Port 0 picks a free one. May be called for several addresses. Returns the
    /// bound address; throws std::runtime_error whose text says what to change.
    boost::asio::ip::tcp::endpoint listen(const std::string& host_and_port);

    /// Accepts connections on a listening TCP socket that another process has opened and may keep
    /// open, such as a service manager; owned by the server from now on. Returns its address;
    /// throws std::runtime_error when it is not such a socket. Since a later process may serve the
    /// same socket, stop() then gives connections that have sent no request yet a second to do so.
    boost::asio::ip::tcp::endpoint adopt(int listening_socket);

    /// Stops in two phases. Listeners and idle connections are closed at once, streamed bodies end,
    /// and requests in progress are answered with `Connection: close`. Remaining connections are
    /// closed after limits.drain_timeout. Returns when no connection is left. Handlers still
    /// running then are not awaited and may finish later.
    boost::asio::awaitable<void> stop();

    /// The number of open connections, including those to be refused.
    std::size_t connections() const;
    server_report report() const;

private:
    class impl;
    std::shared_ptr<impl> impl_;
};

}  // namespace ocpi::server
