#pragma once

#include "http/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>

namespace ocpi::server {

/// Answers the first request on a socket without reading it completely, within some tenths of a
/// second: for a server that cannot keep the connection. Received data is dropped, so that closing
/// the socket does not reset the connection before the answer is read. The socket must outlive the
/// call, which runs on the socket's strand. Returns the number of bytes of the answer that were
/// written; 0 if it was not written completely.
boost::asio::awaitable<std::size_t> refuse_connection(boost::asio::ip::tcp::socket& socket,
                                                      http::response reply);

}  // namespace ocpi::server
