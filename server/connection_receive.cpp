#include "server/connection.hpp"
#include "server/connection_exchange.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What is read of a body at a time, at least.
constexpr std::size_t room_for_body = 16 * 1024;

error timed_out(const char* part)
{
    return error(errc::timed_out, std::string("the request ") + part + " took too long to arrive");
}

error too_many_bodies()
{
    return error(errc::overloaded, "the server is receiving too much at the moment");
}

}  // namespace

/// The header first; then the handler says whether it would answer such a request at all, and
/// only then the body is asked for.
asio::awaitable<connection::peer> connection::receive(exchange& current)
{
    const auto& parser = current.in->parser;
    set_deadline(service_->limits.header_timeout);
    auto state = co_await receive_header(current);
    current.is_head = current.in->request.method == "HEAD";
    if (state == peer::gone || current.in->failure) co_return state;
    if (over_limit_) {
        current.in->failure.emplace(errc::overloaded, "the server has too many connections");
        co_return state;
    }
    co_await admit(current);
    if (current.in->admission.answer) co_return state;
    if (parser.content_length() > service_->limits.body_bytes) {
        current.in->failure.emplace(errc::body_too_large, "the request body is too large");
        co_return state;
    }
    if (parser.chunked() || parser.content_length() != 0) state = co_await receive_body(current);
    if (!current.in->failure) current.keep_alive = parser.keep_alive();
    co_return state;
}

/// It takes what time it takes, and none of the client's.
asio::awaitable<void> connection::admit(exchange& current)
{
    clear_deadline();
    current.in->admission = co_await service_->handler->admit(current.in->request);
    if (current.in->admission.answer)
        current.keep_alive = drop_body(current) && current.in->parser.keep_alive();
}

/// Drops the body of a request that is answered without it. False when it has not all come with the
/// header: then the connection ends, for what follows would be taken for a request.
bool connection::drop_body(exchange& current)
{
    auto& parser = current.in->parser;
    if (parser.chunked()) {
        const auto taken = parser.read_chunks(input_.view());
        current.in->request.body.clear();
        if (taken.has_error() || !parser.chunks_done()) return false;
        input_.consume(*taken);
        current.report.received(*taken);
        return true;
    }
    if (parser.content_length() > input_.size()) return false;
    const auto length = static_cast<std::size_t>(parser.content_length());
    input_.consume(length);
    current.report.received(length);
    return true;
}

asio::awaitable<connection::peer> connection::receive_header(exchange& current)
{
    const auto limit = service_->limits.header_bytes;
    std::size_t used = 0;
    for (;;) {
        auto taken = current.in->parser.read_header(input_.view());
        if (!taken) {
            current.in->failure = std::move(taken).error();
            co_return peer::present;
        }
        input_.consume(*taken);
        current.report.received(*taken);
        used += *taken;
        if (current.in->parser.header_done()) co_return peer::present;
        if (used + input_.size() >= limit) {
            current.in->failure.emplace(errc::header_too_large, "the request header is too large");
            co_return peer::present;
        }
        const auto room = limit - used - input_.size();
        const auto failure = co_await read_some(std::min(usual_request, room));
        if (failure == asio::error::timed_out) {
            current.in->failure = timed_out("header");
            co_return peer::present;
        }
        if (failure) co_return peer::gone;
    }
}

asio::awaitable<connection::peer> connection::receive_body(exchange& current)
{
    set_deadline(service_->limits.body_timeout);
    if (current.in->parser.expects_continue() && input_.empty()) {
        const std::string_view interim = "HTTP/1.1 100 Continue\r\n\r\n";
        const auto [failure, sent] =
            co_await asio::async_write(stream_, asio::buffer(interim), with_error_code);
        if (failure && !stream_.has_expired()) co_return peer::gone;
    }
    auto state = peer::gone;
    if (current.in->parser.chunked()) {
        state = co_await receive_chunks(current);
    } else {
        state = co_await receive_counted(current);
    }
    co_return state;
}

/// A body of known length is read into its final place, which grows with what has arrived: a
/// length that is only announced costs nothing.
asio::awaitable<connection::peer> connection::receive_counted(exchange& current)
{
    const auto length = static_cast<std::size_t>(current.in->parser.content_length());
    auto& body = current.in->request.body;
    const auto received = input_.view().substr(0, length);
    body.assign(received);
    input_.consume(received.size());
    current.report.received(received.size());
    while (body.size() < length) {
        const auto step = std::min(length - body.size(), std::max(body.size(), room_for_body));
        if (!current.in->body_memory.make_room(body, body.size() + step)) {
            current.in->failure = too_many_bodies();
            co_return peer::present;
        }
        const auto before = body.size();
        const auto failure = co_await read_some(body, step);
        current.report.received(body.size() - before);
        if (failure == asio::error::timed_out) {
            current.in->failure = timed_out("body");
            co_return peer::present;
        }
        if (failure) co_return peer::gone;
    }
    co_return peer::present;
}

asio::awaitable<connection::peer> connection::receive_chunks(exchange& current)
{
    auto& body = current.in->request.body;
    for (;;) {
        const bool is_first = body.capacity() < usual_request && input_.size() <= usual_request;
        if (!is_first && !current.in->body_memory.make_room(body, body.size() + input_.size())) {
            current.in->failure = too_many_bodies();
            co_return peer::present;
        }
        auto taken = current.in->parser.read_chunks(input_.view());
        if (!taken) {
            current.in->failure = std::move(taken).error();
            co_return peer::present;
        }
        input_.consume(*taken);
        current.report.received(*taken);
        if (current.in->parser.chunks_done()) co_return peer::present;
        const auto failure = co_await read_some(room_for_body);
        if (failure == asio::error::timed_out) {
            current.in->failure = timed_out("body");
            co_return peer::present;
        }
        if (failure) co_return peer::gone;
    }
}

}  // namespace ocpi::server
