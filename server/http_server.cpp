#include "server/http_server.hpp"

#include "ocpi/base/log_limiter.hpp"
#include "server/acceptor.hpp"
#include "server/connection.hpp"
#include "server/descriptor_reserve.hpp"
#include "server/exchange_report.hpp"
#include "server/refuse_connection.hpp"
#include "server/with_error_code.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

namespace ocpi::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

}  // namespace

/// Outlives the server object: accept loops and calls of stop() hold on to it. Acceptors, once
/// they listen, and timers are touched on control_ only.
class http_server::impl : public std::enable_shared_from_this<impl> {
public:
    impl(asio::any_io_executor executor, std::shared_ptr<service> shared)
        : executor_(std::move(executor)),
          control_(asio::make_strand(executor_)),
          service_(std::move(shared))
    {
    }

    tcp::endpoint listen(const std::string& host_and_port);
    tcp::endpoint adopt(int listening_socket);
    asio::awaitable<void> stop();
    void close_all();
    server_report report() const;

private:
    void accept_on(tcp::acceptor opened, const std::string& where);
    void end_accept_loop();
    bool is_accepting();
    static asio::awaitable<void> accept_loop(std::shared_ptr<impl> self,
                                             std::shared_ptr<tcp::acceptor> acceptor,
                                             std::shared_ptr<descriptor_reserve> reserve);
    bool start(const error_code& failure, tcp::socket socket);
    void report_failed_accept(const error_code& failure);
    asio::awaitable<bool> refuse_one(tcp::acceptor& acceptor, descriptor_reserve& reserve);
    static asio::awaitable<void> run_stop(std::shared_ptr<impl> self);
    void stop_admission();
    void close_acceptors();
    void abort_connections();

    asio::any_io_executor executor_;
    asio::any_io_executor control_;
    std::shared_ptr<service> service_;
    /// Cancelled when the last accept loop has ended and when the last connection has left: one per
    /// call of stop().
    std::vector<asio::steady_timer*> stopping_;

    log_limiter failed_accepts_{std::chrono::minutes(1)};

    std::mutex mutex_;
    std::vector<std::shared_ptr<tcp::acceptor>> acceptors_;  // guarded by mutex_
    std::size_t accept_loops_ = 0;                           // guarded by mutex_
    bool is_stopping_ = false;                               // guarded by mutex_
};

tcp::endpoint http_server::impl::listen(const std::string& host_and_port)
{
    auto acceptor = open_acceptor(control_, host_and_port);
    const auto bound = acceptor.local_endpoint();
    accept_on(std::move(acceptor), host_and_port);
    return bound;
}

tcp::endpoint http_server::impl::adopt(int listening_socket)
{
    auto acceptor = adopt_acceptor(control_, listening_socket);
    const auto bound = acceptor.local_endpoint();
    service_->outlives_restarts = true;
    accept_on(std::move(acceptor), bound.address().to_string());
    return bound;
}

void http_server::impl::accept_on(tcp::acceptor opened, const std::string& where)
{
    auto acceptor = std::make_shared<tcp::acceptor>(std::move(opened));
    {
        const std::lock_guard lock(mutex_);
        if (is_stopping_ || service_->connections.closed())
            throw std::runtime_error("cannot listen on " + where + ": the server has been stopped");
        acceptors_.push_back(acceptor);
        ++accept_loops_;
    }
    auto reserve = std::make_shared<descriptor_reserve>();
    auto loop = accept_loop(shared_from_this(), std::move(acceptor), std::move(reserve));
    auto on_end = [self = shared_from_this(), where](std::exception_ptr thrown) {
        self->end_accept_loop();
        if (!thrown) return;
        self->service_->log->write(log_level::error, "connections are no longer accepted on " +
                                                         where +
                                                         " after an internal error; restart the "
                                                         "server");
    };
    asio::co_spawn(control_, std::move(loop), std::move(on_end));
}

void http_server::impl::end_accept_loop()
{
    const std::lock_guard lock(mutex_);
    if (--accept_loops_ != 0) return;
    for (auto* wake : stopping_) wake->cancel();
}

bool http_server::impl::is_accepting()
{
    const std::lock_guard lock(mutex_);
    return accept_loops_ != 0;
}

asio::awaitable<void> http_server::impl::accept_loop(std::shared_ptr<impl> self,
                                                     std::shared_ptr<tcp::acceptor> acceptor,
                                                     std::shared_ptr<descriptor_reserve> reserve)
{
    asio::steady_timer pause(self->control_);
    while (acceptor->is_open()) {
        asio::any_io_executor strand = asio::make_strand(self->executor_);
        auto [failure, socket] = co_await acceptor->async_accept(strand, with_error_code);
        if (failure == asio::error::operation_aborted) continue;
        if (self->start(failure, std::move(socket))) continue;
        self->report_failed_accept(failure);
        bool is_refused = false;
        if (is_out_of_descriptors(failure))
            is_refused = co_await self->refuse_one(*acceptor, *reserve);
        if (is_refused) continue;
        pause.expires_after(pause_after_failed_accept);
        co_await pause.async_wait(with_error_code);
    }
}

/// False when there is no connection to start, or no memory for it.
bool http_server::impl::start(const error_code& failure, tcp::socket socket)
{
    if (failure) return false;
    try {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        connection::start(std::move(socket), service_);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

server_report http_server::impl::report() const
{
    server_report report;
    report.connections = service_->connections.size();
    report.closed_unanswered = service_->closed_unanswered;
    report.failed_handshakes = service_->failed_handshakes;
    report.failed_accepts = service_->failed_accepts;
    return report;
}

void http_server::impl::report_failed_accept(const error_code& failure)
{
    ++service_->failed_accepts;
    const auto why = failure ? failure.message() : std::string("out of memory");
    const auto held_back = failed_accepts_.admit(why, std::chrono::steady_clock::now());
    if (!held_back) return;
    auto text = "cannot accept connections, retrying: " + why;
    if (is_out_of_descriptors(failure))
        text += "; clients get 503 meanwhile: raise the limit (ulimit -n, LimitNOFILE=)";
    if (*held_back != 0) text += " (" + std::to_string(*held_back) + " times more since)";
    service_->log->write(log_level::error, text);
}

/// In the place of the descriptor held in reserve, one client that waits is answered that there are
/// too many. False when there is none, or no reserve.
asio::awaitable<bool> http_server::impl::refuse_one(tcp::acceptor& acceptor,
                                                    descriptor_reserve& reserve)
{
    if (!reserve.release()) {
        reserve.restore();
        co_return false;
    }
    tcp::socket socket(control_);
    error_code failure;
    acceptor.non_blocking(true, failure);
    if (!failure) acceptor.accept(socket, failure);
    // With TLS there is no answer without a handshake.
    if (!failure && !service_->tls) {
        const error reason(errc::overloaded, "the server has too many connections");
        http::request unread;
        exchange_report report(service_->observer.get(), unread, socket);
        auto reply = service_->handler->refuse(unread, reason);
        report.answered(reply);
        const auto sent = co_await refuse_connection(socket, std::move(reply));
        report.sent(sent);
        report.delivered(sent != 0);
    }
    error_code ignored;
    socket.close(ignored);
    reserve.restore();
    co_return !failure;
}

asio::awaitable<void> http_server::impl::stop()
{
    auto work = run_stop(shared_from_this());
    co_await asio::co_spawn(control_, std::move(work), asio::use_awaitable);
}

asio::awaitable<void> http_server::impl::run_stop(std::shared_ptr<impl> self)
{
    auto& connections = self->service_->connections;
    const auto end_of_drain =
        std::chrono::steady_clock::now() + self->service_->limits.drain_timeout;
    // A loop that ends and a connection that leaves are seen on this strand: no wake-up falls
    // between test and wait.
    asio::steady_timer wake(self->control_, end_of_drain);
    self->stopping_.push_back(&wake);
    const auto in_time = [end_of_drain] { return std::chrono::steady_clock::now() < end_of_drain; };
    self->close_acceptors();
    // A connection that was accepted before belongs to this server: no other process sees it.
    while (self->is_accepting() && in_time()) co_await wake.async_wait(with_error_code);
    self->stop_admission();
    for (const auto& each : connections.all())
        asio::post(each->executor(), [each] { each->drain(); });
    while (connections.size() != 0 && in_time()) co_await wake.async_wait(with_error_code);
    self->abort_connections();
    wake.expires_at(asio::steady_timer::time_point::max());
    while (connections.size() != 0) co_await wake.async_wait(with_error_code);
    std::erase(self->stopping_, &wake);
}

void http_server::impl::close_all()
{
    stop_admission();
    asio::post(control_, [self = shared_from_this()] {
        self->close_acceptors();
        self->abort_connections();
    });
}

void http_server::impl::stop_admission()
{
    const std::lock_guard lock(mutex_);
    service_->connections.close([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        asio::post(self->control_, [self] {
            for (auto* wake : self->stopping_) wake->cancel();
        });
    });
}

void http_server::impl::close_acceptors()
{
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    for (const auto& acceptor : acceptors_) {
        error_code ignored;
        acceptor->close(ignored);
    }
    acceptors_.clear();
}

void http_server::impl::abort_connections()
{
    for (const auto& each : service_->connections.all())
        asio::post(each->executor(), [each] { each->abort(); });
}

http_server::http_server(asio::any_io_executor executor,
                         std::shared_ptr<http::request_handler> handler, const limits& bounds,
                         std::shared_ptr<logger> log, std::shared_ptr<const tls_certificates> tls,
                         std::shared_ptr<http::request_observer> observer)
    : impl_(std::make_shared<impl>(
          std::move(executor), std::make_shared<service>(std::move(handler), bounds, std::move(log),
                                                         std::move(tls), std::move(observer))))
{
}

http_server::~http_server()
{
    impl_->close_all();
}

tcp::endpoint http_server::listen(const std::string& host_and_port)
{
    return impl_->listen(host_and_port);
}

tcp::endpoint http_server::adopt(int listening_socket)
{
    return impl_->adopt(listening_socket);
}

asio::awaitable<void> http_server::stop()
{
    return impl_->stop();
}

std::size_t http_server::connections() const
{
    return impl_->report().connections;
}

server_report http_server::report() const
{
    return impl_->report();
}

}  // namespace ocpi::server
