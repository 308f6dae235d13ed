#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>

namespace ocpi::server {

/// A socket that listens on `host:port`, with a numeric host or `localhost`; port 0 picks a free
/// one. Throws std::runtime_error whose text says what to change.
boost::asio::ip::tcp::acceptor open_acceptor(const boost::asio::any_io_executor& executor,
                                             const std::string& host_and_port);

/// A TCP socket that listens already, opened by another process: owned by the acceptor if no
/// exception is thrown. Throws std::runtime_error when it is not such a socket.
boost::asio::ip::tcp::acceptor adopt_acceptor(const boost::asio::any_io_executor& executor,
                                              int listening_socket);

}  // namespace ocpi::server
