#include "server/refuse_connection.hpp"

#include "server/date_field.hpp"
#include "server/deadline.hpp"
#include "server/response_head.hpp"
#include "server/with_error_code.hpp"

#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace ocpi::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// For the client to send its request, and to take the answer: the next client waits meanwhile.
constexpr auto refusal_timeout = std::chrono::milliseconds(200);
constexpr std::size_t max_drained_bytes = 64 * 1024;

/// The number of bytes dropped; 0 when there will be no more.
asio::awaitable<std::size_t> drop_some(tcp::socket& socket)
{
    std::array<char, 4096> dropped;
    const auto room = asio::buffer(dropped);
    const auto [failure, count] = co_await socket.async_read_some(room, with_error_code);
    co_return failure ? 0 : count;
}

}  // namespace

asio::awaitable<std::size_t> refuse_connection(tcp::socket& socket, http::response reply)
{
    const asio::any_io_executor strand = socket.get_executor();
    const auto time = std::make_shared<deadline>(strand);
    time->arm(std::chrono::steady_clock::now() + refusal_timeout, [&socket] {
        error_code ignored;
        socket.close(ignored);
    });
    auto count = co_await drop_some(socket);
    std::size_t written = 0;
    if (count != 0) {
        const auto text =
            make_response_head(reply, persistence::close, date_field_now()) + reply.body;
        const auto [cut_off, bytes] =
            co_await asio::async_write(socket, asio::buffer(text), with_error_code);
        if (!cut_off) written = bytes;
        error_code ignored;
        socket.shutdown(tcp::socket::shutdown_send, ignored);
    }
    for (std::size_t sum = count; count != 0 && sum < max_drained_bytes; sum += count) {
        count = co_await drop_some(socket);
    }
    time->disarm();
    co_return written;
}

}  // namespace ocpi::server
