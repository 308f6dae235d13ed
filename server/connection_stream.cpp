#include "server/connection.hpp"
#include "server/connection_exchange.hpp"
#include "server/date_field.hpp"
#include "server/response_head.hpp"

#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::string_view nothing;

/// What the reader of a stream sends meanwhile is dropped. It has no reason to send so much.
constexpr std::size_t max_pipelined_bytes = 64 * 1024;

/// Chunk size and line end [RFC 9112 section 7.1].
std::string write_chunk_head(std::size_t size)
{
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    return std::string(digits.data(), end) + "\r\n";
}

/// A reader whose network is gone acknowledges nothing. Small pieces fit into the socket for long,
/// and it would be minutes until TCP gives up on them.
void give_up_unacknowledged_after(asio::ip::tcp::socket& socket, std::chrono::milliseconds period)
{
    constexpr std::int64_t max_value = std::numeric_limits<int>::max();
    const auto value = static_cast<int>(std::min<std::int64_t>(period.count(), max_value));
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof value);
}

/// What waits in the socket for a slow reader cannot be replaced by what is newer: it is little.
void hold_back_little(asio::ip::tcp::socket& socket)
{
    constexpr int bytes = 16 * 1024;
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::send_buffer_size(bytes), ignored);
}

}  // namespace

struct connection::reader_watch {
    explicit reader_watch(std::shared_ptr<http::body_stream> reads) : stream(std::move(reads)) {}

    const std::shared_ptr<http::body_stream> stream;
    std::array<char, 32> input;
    std::size_t dropped = 0;
};

/// The connection ends with the stream: a reader that wants more connects again.
asio::awaitable<connection::peer> connection::send_stream(exchange& current, http::response reply)
{
    struct ending {
        connection& self;
        std::shared_ptr<http::body_stream> stream;
        ~ending()
        {
            self.sent_stream_ = nullptr;
            stream->close();
        }
    } const end_stream{*this, std::move(reply.stream)};

    const bool with_body = !current.is_head && may_have_body(reply.status);
    const bool chunked = current.in->parser.http_1_1();
    if (with_body) current.keep_alive = false;
    auto persist = persistence::close;
    if (current.keep_alive) persist = chunked ? persistence::keep : persistence::keep_for_http_1_0;
    const auto framing = chunked ? body_framing::chunked : body_framing::until_close;
    auto head = make_response_head(reply, persist, date_field_now(), framing);
    reply = http::response();
    if (!co_await write_all(current, head, nothing, nothing)) co_return peer::gone;
    if (!with_body) co_return peer::present;

    // Thousands of streams may be open: what a request needed is given back.
    current.in.reset();
    std::string().swap(head);
    input_.consume(input_.size());
    input_.shrink(0);
    hold_back_little(socket());
    give_up_unacknowledged_after(socket(), service_->limits.write_timeout);
    sent_stream_ = end_stream.stream;
    watch_reader(std::make_shared<reader_watch>(sent_stream_));
    // drain() comes to those that stream already.
    if (service_->connections.closed()) sent_stream_->close();
    co_return co_await send_pieces(current, *end_stream.stream, chunked);
}

asio::awaitable<connection::peer> connection::send_pieces(exchange& current,
                                                          http::body_stream& stream, bool chunked)
{
    for (;;) {
        const auto piece = co_await stream.next();
        if (!socket().is_open()) co_return peer::gone;
        if (!piece) break;
        if (piece->empty()) continue;  // an empty chunk would be the last
        bool is_written = false;
        if (chunked) {
            const auto size = write_chunk_head(piece->size());
            is_written = co_await write_all(current, size, *piece, "\r\n");
        } else {
            is_written = co_await write_all(current, *piece, nothing, nothing);
        }
        if (!is_written) co_return peer::gone;
    }
    if (chunked && !co_await write_all(current, "0\r\n\r\n", nothing, nothing))
        co_return peer::gone;
    co_return peer::present;
}

/// False when the reader is gone, or does not read.
asio::awaitable<bool> connection::write_all(exchange& current, std::string_view first,
                                            std::string_view second, std::string_view third)
{
    const std::array<asio::const_buffer, 3> parts = {asio::buffer(first), asio::buffer(second),
                                                     asio::buffer(third)};
    auto timeout = service_->limits.write_timeout;
    if (service_->connections.closed()) timeout = std::min(timeout, write_timeout_at_stop);
    set_deadline(timeout);
    const auto [failure, sent] = co_await asio::async_write(stream_, parts, with_error_code);
    current.report.sent(sent);
    clear_deadline();
    co_return !failure;
}

/// Only by reading is it noticed that the other side has closed.
void connection::watch_reader(std::shared_ptr<reader_watch> watch)
{
    const auto room = asio::buffer(watch->input);
    auto on_input = [self = shared_from_this(), watch = std::move(watch)](
                        const error_code& failure, std::size_t count) mutable {
        if (self->sent_stream_ != watch->stream) return;  // it has ended
        watch->dropped += count;
        if (failure || watch->dropped > max_pipelined_bytes) {
            self->abort();
        } else {
            self->watch_reader(std::move(watch));
        }
    };
    stream_.async_read_some(room, std::move(on_input));
}

}  // namespace ocpi::server
