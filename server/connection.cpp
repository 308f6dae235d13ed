#include "server/connection.hpp"

#include "ocpi/base/ci_string.hpp"
#include "server/connection_exchange.hpp"
#include "server/date_field.hpp"
#include "server/response_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <boost/core/demangle.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <typeinfo>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Once an answer has been given, what the peer still sends is read and dropped for so long, so
/// that the answer is not lost: closing a socket with unread bytes resets the connection.
constexpr auto linger_time = std::chrono::seconds(1);
constexpr std::size_t linger_bytes = 8 * 1024 * 1024;

/// How long a stopping server waits for the first request of a connection, if it does.
constexpr auto first_request_at_stop = std::chrono::seconds(1);

std::string type_of(const std::exception_ptr& thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
        return boost::core::demangle(typeid(e).name());
    } catch (...) {
        return "something that is no std::exception";
    }
}

/// Writes what the socket takes without waiting, and leaves the rest in the buffers. The number of
/// bytes; std::nullopt when the peer is gone.
std::optional<std::size_t> send_at_once(asio::ip::tcp::socket& socket,
                                        std::array<asio::const_buffer, 2>& parts)
{
    error_code failure;
    const auto sent = socket.write_some(parts, failure);
    if (failure == asio::error::would_block) return 0;
    if (failure) return std::nullopt;
    auto left = sent;
    for (auto& part : parts) {
        const auto taken = std::min(left, part.size());
        part += taken;
        left -= taken;
    }
    return sent;
}

bool asks_to_close(const http::response& reply)
{
    const auto* wish = reply.headers.find("Connection");
    return wish && equal_ignoring_case(*wish, "close");
}

}  // namespace

void connection::start(asio::ip::tcp::socket socket, std::shared_ptr<service> shared)
{
    auto self = std::make_shared<connection>(std::move(socket), std::move(shared));
    const auto admission = self->service_->connections.enter(*self);
    if (admission == connection_set::admission::none) {
        ++self->service_->closed_unanswered;
        return;
    }
    self->over_limit_ = admission == connection_set::admission::overflow;
    auto executor = self->executor();
    auto& life = *self;
    asio::co_spawn(executor, life.run(), [self = std::move(self)](std::exception_ptr thrown) {
        if (thrown) {
            self->service_->log->write(
                log_level::error,
                "a connection is closed because of a bug: " + type_of(thrown) + " was thrown");
        }
        self->abort();
    });
}

connection::connection(asio::ip::tcp::socket socket, std::shared_ptr<service> shared)
    : stream_(std::move(socket), shared->tls ? shared->tls->current() : nullptr),
      service_(std::move(shared)),
      timer_(stream_.get_executor())
{
    error_code gone;
    peer_ = stream_.socket().remote_endpoint(gone).address();
    stream_.socket().non_blocking(true, gone);
}

connection::~connection()
{
    service_->connections.leave(*this);
}

asio::awaitable<void> connection::run()
{
    if (stream_.has_tls() && !co_await shake_hands()) co_return;
    bool peer_may_still_send = false;
    while (co_await await_request()) {
        awaits_first_ = false;
        exchange current(*service_, socket());
        current.in->request.peer = peer_;
        if (co_await receive(current) == peer::gone) co_return;
        auto reply = co_await answer(current);
        current.report.answered(reply);
        const bool client_keeps = current.keep_alive;
        current.keep_alive =
            client_keeps && !service_->connections.closed() && !asks_to_close(reply);
        const bool is_stream = reply.stream != nullptr;
        auto state = peer::gone;
        if (is_stream) {
            state = co_await send_stream(current, std::move(reply));
        } else {
            state = co_await send(current, std::move(reply));
        }
        current.report.delivered(state == peer::present);
        if (state == peer::gone) co_return;
        if (!current.keep_alive) {
            peer_may_still_send = !is_stream && (client_keeps || current.is_unread());
            break;
        }
    }
    co_await hang_up(peer_may_still_send);
}

/// False if the connection is to be closed: the peer does not speak TLS, has no certificate that we
/// accept, is too slow, or there are too many handshakes in progress.
asio::awaitable<bool> connection::shake_hands()
{
    struct count {
        std::atomic<std::size_t>& of;
        const std::size_t before = of.fetch_add(1);
        ~count() { --of; }
    } const handshakes{service_->handshakes};
    const auto& options = service_->tls->options();
    if (handshakes.before >= options.max_handshakes) {
        ++service_->failed_handshakes;
        co_return false;
    }
    set_deadline(options.handshake_timeout);
    waiting_for_request_ = true;
    const auto failure = co_await stream_.handshake();
    waiting_for_request_ = false;
    if (!failure) co_return true;
    ++service_->failed_handshakes;
    // The peer may not have read the alert that says why.
    if (!stream_.has_expired()) co_await linger();
    co_return false;
}

/// True when there is at least one byte of a request.
asio::awaitable<bool> connection::await_request()
{
    const auto skip_empty_lines = [this] {  // RFC 9112 section 2.2
        const auto begin = input_.view().find_first_not_of("\r\n");
        input_.consume(std::min(begin, input_.size()));
    };
    skip_empty_lines();
    if (!input_.empty()) co_return true;
    if (service_->connections.closed() && !is_first_awaited()) co_return false;

    input_.shrink(usual_request);
    set_deadline(over_limit_ ? service_->limits.header_timeout : service_->limits.idle_timeout);
    if (service_->connections.closed()) hasten_first_request();
    waiting_for_request_ = true;
    error_code failure;
    while (!failure && input_.empty()) {
        // drain() may have come between two reads, where there is nothing to cancel.
        if (service_->connections.closed() && !is_first_awaited()) break;
        failure = co_await read_some(std::min(usual_request, service_->limits.header_bytes));
        skip_empty_lines();
    }
    waiting_for_request_ = false;
    co_return !input_.empty();
}

asio::awaitable<http::response> connection::answer(exchange& current)
{
    clear_deadline();
    current.report.handling_begins();
    if (current.in->admission.answer) co_return std::move(*current.in->admission.answer);
    if (current.in->failure) {
        std::string().swap(current.in->request.body);
        current.in->body_memory.release();
        co_return service_->handler->refuse(current.in->request, *current.in->failure);
    }
    auto reply = co_await service_->handler->respond(std::move(current.in->request),
                                                     std::move(current.in->admission));
    current.in->body_memory.release();
    co_return reply;
}

asio::awaitable<connection::peer> connection::send(exchange& current, http::response reply)
{
    auto persist = persistence::close;
    if (current.keep_alive)
        persist =
            current.in->parser.http_1_1() ? persistence::keep : persistence::keep_for_http_1_0;
    const auto head = make_response_head(reply, persist, date_field_now());
    const bool with_body = !current.is_head && may_have_body(reply.status);
    std::array<asio::const_buffer, 2> parts = {
        asio::buffer(head), with_body ? asio::buffer(reply.body) : asio::const_buffer()};
    // Most answers fit into the socket. One that would follow another at once waits its turn.
    if (!stream_.has_tls() && input_.empty()) {
        const auto sent = send_at_once(socket(), parts);
        if (!sent) co_return peer::gone;
        current.report.sent(*sent);
        if (asio::buffer_size(parts) == 0) co_return peer::present;
    }
    set_deadline(service_->limits.write_timeout);
    const auto [failure, sent] = co_await asio::async_write(stream_, parts, with_error_code);
    current.report.sent(sent);
    co_return failure ? peer::gone : peer::present;
}

asio::awaitable<void> connection::hang_up(bool peer_may_still_send)
{
    if (stream_.has_tls()) {
        set_deadline(linger_time);
        co_await stream_.end_tls();
    }
    if (peer_may_still_send) {
        co_await linger();
    } else {
        error_code ignored;
        socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    }
}

/// Reads and drops what the peer still sends.
asio::awaitable<void> connection::linger()
{
    error_code failure;
    socket().shutdown(asio::ip::tcp::socket::shutdown_send, failure);
    set_deadline(linger_time);
    for (std::size_t dropped = 0; !failure && dropped < linger_bytes;) {
        input_.consume(input_.size());
        const auto room = input_.prepare(16 * 1024);
        const auto [ended, count] = co_await stream_.plain().async_read_some(room, with_error_code);
        failure = ended;
        dropped += count;
    }
}

asio::awaitable<error_code> connection::read_some(std::size_t at_most)
{
    const auto room = input_.prepare(at_most);
    const auto [failure, count] = co_await stream_.async_read_some(room, with_error_code);
    input_.commit(count);
    co_return failure&& stream_.has_expired() ? error_code(asio::error::timed_out) : failure;
}

asio::awaitable<error_code> connection::read_some(std::string& into, std::size_t at_most)
{
    const auto before = into.size();
    into.resize(before + at_most);
    const auto room = asio::buffer(into.data() + before, at_most);
    const auto [failure, count] = co_await stream_.async_read_some(room, with_error_code);
    into.resize(before + count);
    co_return failure&& stream_.has_expired() ? error_code(asio::error::timed_out) : failure;
}

void connection::drain()
{
    // Cancelled, not closed: when a request has just been read, it is still answered.
    error_code ignored;
    if (waiting_for_request_ && is_first_awaited()) {
        hasten_first_request();
    } else if (waiting_for_request_) {
        socket().cancel(ignored);
    }
    if (!sent_stream_) return;
    sent_stream_->close();
    const bool is_writing = deadline_ != asio::steady_timer::time_point::max();
    if (is_writing) set_deadline(std::min(write_timeout_at_stop, service_->limits.write_timeout));
}

void connection::hasten_first_request()
{
    const auto end = std::chrono::steady_clock::now() + first_request_at_stop;
    if (end < deadline_) set_deadline(first_request_at_stop);
}

void connection::abort()
{
    error_code ignored;
    socket().close(ignored);
    if (sent_stream_) sent_stream_->close();
    service_->connections.leave(*this);
}

void connection::set_deadline(std::chrono::milliseconds from_now)
{
    stream_.renew();
    deadline_ = std::chrono::steady_clock::now() + from_now;
    if (deadline_ < timer_expiry_) arm_timer();
}

void connection::clear_deadline()
{
    stream_.renew();
    deadline_ = asio::steady_timer::time_point::max();
}

void connection::arm_timer()
{
    timer_expiry_ = deadline_;
    timer_.expires_at(timer_expiry_);
    timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
        if (cancelled) return;
        if (const auto self = weak.lock()) self->on_timer();
    });
}

void connection::on_timer()
{
    timer_expiry_ = asio::steady_timer::time_point::max();
    if (deadline_ == asio::steady_timer::time_point::max()) return;
    if (std::chrono::steady_clock::now() < deadline_) return arm_timer();
    stream_.expire();
}

}  // namespace ocpi::server
