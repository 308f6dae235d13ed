// The listeners of an Application, from the first one to its stop.

#include "application/application_impl.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

namespace ocpi {

namespace asio = boost::asio;

namespace {

std::string url_of(const asio::ip::tcp::endpoint& bound, bool has_tls)
{
    const auto host = bound.address().is_v6() ? '[' + bound.address().to_string() + ']'
                                              : bound.address().to_string();
    return (has_tls ? "https://" : "http://") + host + ':' + std::to_string(bound.port());
}

}  // namespace

std::string Application::impl::listen(asio::any_io_executor executor,
                                      const std::string& host_and_port)
{
    auto server = make_server(executor);
    const auto bound = server->listen(host_and_port);
    return serve(std::move(executor), std::move(server), bound);
}

std::string Application::impl::listen(asio::any_io_executor executor, int listening_socket)
{
    auto server = make_server(executor);
    const auto bound = server->adopt(listening_socket);
    return serve(std::move(executor), std::move(server), bound);
}

void Application::impl::reload_certificates()
{
    if (certificate_watch_) certificate_watch_->reload();
}

asio::awaitable<void> Application::impl::stop()
{
    readiness_->report("application", "draining");
    const auto stopping = take_servers();
    const bool was_exchanging = is_exchanging_.exchange(false);
    if (was_exchanging) pulls_->ask_to_stop();
    for (const auto& server : stopping) co_await server->stop();
    if (!stopping.empty()) forget_stopped();
    if (!was_exchanging) co_return;
    if (certificate_watch_) co_await certificate_watch_->stop();
    if (final_readings_) co_await final_readings_->stop();
    // What the last requests have changed has its chance; then no partner is waited for.
    co_await pusher_->stop();
    if (client_) client_->shut_down();
    co_await pulls_->stop();
    co_await manager_->stop();
    co_await leases_->stop();
    co_await events_->stop();
    co_await feed_->stop();
    co_await tariff_watch_->stop();
    co_await watch_->stop();
}

struct Application::impl::reload_signal {
    reload_signal(const asio::any_io_executor& handlers, const run_options& of)
        : signal(handlers, SIGHUP), options(of)
    {
    }

    asio::signal_set signal;
    const run_options& options;
    bool is_stopping = false;
    /// Files are read here: the disk may be slow.
    asio::thread_pool files{1};
};

void Application::impl::run(const run_options& options)
{
    asio::io_context context;
    // Whatever ends this function, no server outlives the context it runs on.
    struct closing {
        impl& self;
        ~closing() { self.end_listening(); }
    } const close_servers{*this};
    auto* observer = options.observer;
    // The handlers of signals run one after another.
    const auto strand = asio::make_strand(context);
    asio::signal_set signals(strand, SIGINT, SIGTERM);
    reload_signal reloads(strand, options);
    signals.async_wait([&](boost::system::error_code failure, int) {
        if (failure) return;
        signals.clear();             // the next one ends the process as if there were no handler
        reloads.is_stopping = true;  // one whose handler is about to run is not cancelled
        reloads.signal.cancel();
        if (observer) observer->on_stopping();
        asio::co_spawn(context, stop(), asio::detached);
    });
    await_reload(reloads);
    std::vector<std::string> urls;
    for (const int socket : options.sockets) {
        urls.push_back(listen(context.get_executor(), socket));
    }
    if (urls.empty()) urls.push_back(listen(context.get_executor(), options.listen));
    if (observer) observer->on_ready(context.get_executor(), urls);

    const auto count =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < count; ++i) others.emplace_back([&] { context.run(); });
    context.run();
    reloads.files.join();
}

void Application::impl::end_listening()
{
    take_servers();
    forget_stopped();
    const std::lock_guard lock(mutex_);
    executor_ = asio::any_io_executor();
}

void Application::impl::await_reload(reload_signal& next)
{
    next.signal.async_wait([this, &next](boost::system::error_code cancelled, int) {
        if (cancelled || next.is_stopping) return;
        asio::post(next.files, [this, &next] { reload(next.options); });
        await_reload(next);
    });
}

void Application::impl::reload(const run_options& options) noexcept
{
    if (options.observer) options.observer->on_reloading();
    try {
        reload_certificates();
        if (options.on_reload) options.on_reload();
    } catch (const std::exception& failure) {
        log_->write(log_level::error, std::string("reload failed: ") + failure.what());
    }
    if (options.observer) options.observer->on_reloaded();
}

std::shared_ptr<server::http_server> Application::impl::make_server(
    const asio::any_io_executor& executor) const
{
    return std::make_shared<server::http_server>(executor, pipeline_, limits_, log_, certificates_,
                                                 observer_);
}

std::string Application::impl::serve(asio::any_io_executor executor,
                                     std::shared_ptr<server::http_server> server,
                                     const asio::ip::tcp::endpoint& bound)
{
    auto url = url_of(bound, certificates_ != nullptr);
    url_->set_if_unknown(url);
    const std::lock_guard lock(mutex_);
    servers_.push_back(std::move(server));
    executor_ = executor;
    readiness_->clear("application");
    if (!is_exchanging_.exchange(true)) {
        if (client_) client_->reopen();
        watch_->start(executor);
        feed_->start(executor);
        tariff_watch_->start(executor);
        leases_->start(executor);
        events_->start(executor);
        manager_->start(executor);
        pulls_->start(executor);
        if (final_readings_) final_readings_->start(executor);
        pusher_->start(executor);
        if (certificate_watch_) certificate_watch_->start(executor);
    }
    return url;
}

std::vector<std::shared_ptr<server::http_server>> Application::impl::take_servers()
{
    const std::lock_guard lock(mutex_);
    stopping_.insert(stopping_.end(), servers_.begin(), servers_.end());
    return std::exchange(servers_, {});
}

void Application::impl::forget_stopped()
{
    const std::lock_guard lock(mutex_);
    for (const auto& server : stopping_) add(stopped_, server->report());
    stopping_.clear();
}

bool Application::impl::post(std::function<void()> task)
{
    const std::lock_guard lock(mutex_);
    if (!executor_) return false;
    asio::post(executor_, std::move(task));
    return true;
}

}  // namespace ocpi
