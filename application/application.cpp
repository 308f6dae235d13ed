#include "application/application.hpp"

#include "application/composition.hpp"
#include "http/pipeline.hpp"
#include "http/target.hpp"
#include "modules/console/session_pages.hpp"
#include "modules/credentials/registration.hpp"
#include "modules/exchange/pull_schedule.hpp"
#include "modules/sessions/final_reading_watch.hpp"
#include "modules/status/count_sessions.hpp"
#include "partners/partner_authenticator.hpp"
#include "server/http_server.hpp"
#include "server/outbound_client.hpp"
#include "server/tls_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

namespace ocpi {
namespace {

namespace asio = boost::asio;

std::string url_of(const asio::ip::tcp::endpoint& bound, bool has_tls)
{
    const auto host = bound.address().is_v6() ? '[' + bound.address().to_string() + ']'
                                              : bound.address().to_string();
    return (has_tls ? "https://" : "http://") + host + ':' + std::to_string(bound.port());
}

/// Calls a function with the URL once connections are accepted; the function may be empty.
class ready_callback final : public run_observer {
public:
    explicit ready_callback(const std::function<void(const std::string&)>& on_ready)
        : on_ready_(on_ready)
    {
    }

    void on_ready(const asio::any_io_executor&, const std::vector<std::string>& urls) override
    {
        if (on_ready_) on_ready_(urls.front());
    }

private:
    const std::function<void(const std::string&)>& on_ready_;
};

error no_such_partner(const std::string& name)
{
    return error(errc::not_found, "no partner named " + name + " is registered");
}

}  // namespace

class Application::impl {
public:
    impl(application_options options, const std::shared_ptr<Crud>& crud,
         std::shared_ptr<Authenticator> authenticator)
        : limits_(options.limits),
          log_(options.log ? options.log : std::make_shared<silent_logger>()),
          observer_(http::join_observers(options.request_observers)),
          url_(std::make_shared<composition::public_url_holder>(options.public_url)),
          readiness_(options.readiness ? options.readiness : std::make_shared<readiness>())
    {
        if (!options.public_url.empty() && !http::is_base_url(options.public_url)) {
            throw std::invalid_argument(
                "the public URL must be absolute, such as "
                "https://ocpi.example.com, not \"" +
                options.public_url + '"');
        }
        if (options.tls.is_enabled()) {
            if (options.public_url.starts_with("http:")) {
                throw std::invalid_argument("with TLS the public URL must begin with https:, not " +
                                            options.public_url);
            }
            certificates_ = std::make_shared<server::tls_certificates>(options.tls);
            certificate_watch_ = std::make_unique<server::tls_watch>(certificates_, log_);
        }
        if (!crud) throw std::invalid_argument("an Application needs a Crud");
        crud_ = crud;
        if (!authenticator) throw std::invalid_argument("an Application needs an Authenticator");
        if (options.development_clock) options.time = options.development_clock;
        if (!options.time) options.time = std::make_shared<adjustable_clock>();
        if (!options.http_client) {
            client_ = std::make_shared<server::outbound_client>(options.outbound);
            options.http_client = client_;
        }
        time_ = options.time;
        options.log = log_;
        platform_ = composition::make_platform(options, crud, url_);
        pusher_ = composition::make_pusher(options, crud, *platform_);
        composition::services services;
        services.forwarder = composition::make_forwarder(options, *platform_);
        services.serving = pusher_;
        // The manager needs the tariffs before they can know of it.
        const auto planner = std::make_shared<std::weak_ptr<managed::managed_session_service>>();
        auto price_change = [planner](const crud::object_key& changed) {
            if (const auto manager = planner->lock()) manager->on_price_change(changed.owner());
        };
        services.tariffs = std::make_shared<tariffs::tariff_store>(crud, std::move(price_change));
        services.plans = std::make_shared<driver_plans::driver_plan_store>(crud);
        const auto finder = composition::make_tariff_finder(options, services.tariffs);
        manager_ =
            composition::make_managed_session_service(options, crud, services.forwarder, finder);
        *planner = manager_;
        services.costs = composition::make_costs(options, crud, finder, services.plans);
        const auto shown_costs = options.costs ? options.costs : services.costs;
        services.status = std::make_shared<status::status_source>(crud, manager_, shown_costs,
                                                                  options.evses, options.time);
        status::hub_dependencies hub;
        hub.crud = crud;
        hub.source = services.status;
        hub.log = log_;
        events_ = std::make_shared<status::event_hub>(std::move(hub));
        sessions_ = std::make_shared<sessions::session_writer>(
            crud, sessions::change_listeners{pusher_, manager_, events_},
            sessions::final_reading_rule{options.final_reading_timeout, options.time});
        if (options.final_reading_timeout.count() > 0) {
            final_readings_ = std::make_unique<sessions::final_reading_watch>(sessions_, log_);
        }
        puller_ = composition::make_puller(options, crud, sessions_, *platform_);
        pulls_ = std::make_shared<exchange::pull_schedule>(puller_, platform_->partners, log_);
        platform_->partners_changed = [push = std::weak_ptr(pusher_),
                                       pull = std::weak_ptr(pulls_)] {
            if (const auto pusher = push.lock()) pusher->partners_changed();
            if (const auto pulls = pull.lock()) pulls->partners_changed();
        };
        services.sessions = sessions_;
        services.manager = manager_;
        services.events = events_;
        services.platform = platform_;
        services.url = url_;
        http::pipeline::dependencies pipeline;
        pipeline.authenticator = std::make_shared<partners::partner_authenticator>(
            platform_->partners, std::move(authenticator), options.time);
        pipeline.log = log_;
        pipeline.time = options.time;
        for (const auto& each : options.parties) pipeline.own_parties.push_back(each.party);
        pipeline.router = composition::make_router(options, services);
        pipeline.cors = options.cors;
        pipeline.limiter = std::make_shared<http::request_limiter>(options.request_limits);
        pipeline.answers = std::make_shared<http::answer_memory>(options.limits.answer_memory);
        if (options.has_pages) {
            pipeline.pages = std::make_shared<console::session_pages>(options.pages_name);
        }
        pipeline_ = std::make_shared<http::pipeline>(std::move(pipeline));
    }

    asio::awaitable<result<partners::partner>> register_partner(
        credentials::registration_request request)
    {
        credentials::registration asking(platform_);
        auto registered = co_await asking.begin(std::move(request));
        if (registered.has_value()) forget_secrets(*registered);
        co_return registered;
    }

    asio::awaitable<result<std::vector<partners::partner>>> list_partners()
    {
        auto all = co_await platform_->partners->list();
        if (all.has_error()) co_return all.error();
        std::vector<partners::partner> registered;
        for (auto& each : *all) {
            if (!each.value.is_registered()) continue;
            forget_secrets(each.value);
            registered.push_back(std::move(each.value));
        }
        co_return registered;
    }

    asio::awaitable<result<partners::partner>> rotate_partner(std::string name)
    {
        credentials::registration asking(platform_);
        auto renewed = co_await asking.renew(std::move(name));
        if (renewed.has_value()) forget_secrets(*renewed);
        co_return renewed;
    }

    asio::awaitable<result<partners::partner>> set_partner(std::string name,
                                                           partners::partner_settings settings)
    {
        partners::partner_store::change apply = [&](partners::partner& changed) -> result<void> {
            if (!changed.is_registered()) return no_such_partner(name);
            if (settings.closing_put) changed.closing_put = *settings.closing_put;
            return {};
        };
        auto changed = co_await platform_->partners->update_with(name, std::move(apply));
        if (changed.has_value()) {
            forget_secrets(*changed);
            if (platform_->partners_changed) platform_->partners_changed();
        }
        co_return changed;
    }

    asio::awaitable<result<exchange::pull_summary>> sync_partner(std::string name,
                                                                 exchange::pull_range range,
                                                                 exchange::pull_callback on_page)
    {
        auto stored = co_await platform_->partners->find(name);
        if (stored.has_error()) co_return stored.error();
        if (!*stored || !(*stored)->value.is_registered()) {
            co_return no_such_partner(name);
        }
        co_return co_await puller_->pull(std::move((*stored)->value), range, std::move(on_page));
    }

    asio::awaitable<result<void>> remove_partner(std::string name, bool even_unconfirmed)
    {
        credentials::registration asking(platform_);
        co_return co_await asking.end(std::move(name), even_unconfirmed);
    }

    asio::awaitable<http::response> answer(http::request received)
    {
        const auto started = std::chrono::steady_clock::now();
        const auto report = begin_report(received);
        auto answered = co_await pipeline_->handle(std::move(received));
        if (report) finish_report(*report, answered, std::chrono::steady_clock::now() - started);
        answered.held.reset();  // a host may keep its answers
        co_return answered;
    }

    std::string listen(asio::any_io_executor executor, const std::string& host_and_port)
    {
        auto server = make_server(executor);
        const auto bound = server->listen(host_and_port);
        return serve(std::move(executor), std::move(server), bound);
    }

    std::string listen(asio::any_io_executor executor, int listening_socket)
    {
        auto server = make_server(executor);
        const auto bound = server->adopt(listening_socket);
        return serve(std::move(executor), std::move(server), bound);
    }

    void reload_certificates()
    {
        if (certificate_watch_) certificate_watch_->reload();
    }

    asio::awaitable<std::vector<std::string>> find_unready_reasons()
    {
        auto reasons = readiness_->reasons();
        const auto writable = co_await crud_->check_writable();
        if (writable.has_error()) {
            const auto& failure = writable.error();
            reasons.push_back("store not writable: " +
                              (failure.log_text().empty() ? failure.text() : failure.log_text()));
        }
        co_return reasons;
    }

    application_report report() const
    {
        application_report report;
        {
            const std::lock_guard lock(mutex_);
            for (const auto& server : servers_) add(report.server, server->report());
            for (const auto& server : stopping_) add(report.server, server->report());
            add(report.server, stopped_);
        }
        report.event_streams = events_->subscribers();
        report.pushes = pusher_->report();
        report.pulls = pulls_->partners();
        if (certificates_) report.certificate_expiry = certificates_->expiry();
        return report;
    }

    asio::awaitable<result<status::session_counts>> count_sessions()
    {
        const sessions::session_reader reader(crud_);
        co_return co_await status::count_sessions(reader, time_->now());
    }

    bool post(std::function<void()> task)
    {
        const std::lock_guard lock(mutex_);
        if (!executor_) return false;
        asio::post(executor_, std::move(task));
        return true;
    }

    asio::awaitable<void> stop()
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
        co_await events_->stop();
    }

    void run(const run_options& options)
    {
        asio::io_context context;
        asio::thread_pool reloads(1);
        // Whatever ends this function, no server outlives the context it runs on.
        struct closing {
            impl& self;
            ~closing() { self.end_listening(); }
        } const close_servers{*this};
        auto* observer = options.observer;
        asio::signal_set signals(context, SIGINT, SIGTERM);
        asio::signal_set reload_requests(context, SIGHUP);
        signals.async_wait([&](boost::system::error_code failure, int) {
            if (failure) return;
            signals.clear();  // the next one ends the process as if there were no handler
            reload_requests.cancel();
            if (observer) observer->on_stopping();
            asio::co_spawn(context, stop(), asio::detached);
        });
        reload_on(reload_requests, reloads, options);
        std::vector<std::string> urls;
        for (const int socket : options.sockets) {
            urls.push_back(listen(context.get_executor(), socket));
        }
        if (urls.empty()) urls.push_back(listen(context.get_executor(), options.listen));
        if (observer) observer->on_ready(context.get_executor(), urls);

        const auto count = options.threads != 0 ? options.threads
                                                : std::max(1U, std::thread::hardware_concurrency());
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < count; ++i) others.emplace_back([&] { context.run(); });
        context.run();
        reloads.join();
    }

private:
    /// The executor is not used any more.
    void end_listening()
    {
        take_servers();
        forget_stopped();
        const std::lock_guard lock(mutex_);
        executor_ = asio::any_io_executor();
    }

    /// Files are read on the thread of `reloads`: the disk may be slow.
    void reload_on(asio::signal_set& requests, asio::thread_pool& reloads,
                   const run_options& options)
    {
        requests.async_wait([&](boost::system::error_code cancelled, int) {
            if (cancelled) return;
            asio::post(reloads, [&] { reload(options); });
            reload_on(requests, reloads, options);
        });
    }

    void reload(const run_options& options) noexcept
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

    std::shared_ptr<server::http_server> make_server(const asio::any_io_executor& executor) const
    {
        return std::make_shared<server::http_server>(executor, pipeline_, limits_, log_,
                                                     certificates_, observer_);
    }

    /// Keeps a server that listens, and starts the exchange with partners with the first one.
    std::string serve(asio::any_io_executor executor, std::shared_ptr<server::http_server> server,
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
            events_->start(executor);
            manager_->start(executor);
            pulls_->start(executor);
            if (final_readings_) final_readings_->start(executor);
            pusher_->start(executor);
            if (certificate_watch_) certificate_watch_->start(executor);
        }
        return url;
    }

    /// The report of a request that comes without a socket; nullptr without an observer.
    std::shared_ptr<http::request_report> begin_report(http::request& received) const
    {
        if (!observer_) return nullptr;
        auto report = std::make_shared<http::request_report>();
        report->started_at = std::chrono::system_clock::now();
        report->bytes_in = received.body.size();
        received.report = report;
        return report;
    }

    void finish_report(http::request_report& report, const http::response& answered,
                       std::chrono::steady_clock::duration took) const
    {
        report.handling = report.duration = took;
        report.status = answered.status;
        report.is_stream = answered.stream != nullptr;
        report.bytes_out = answered.body.size();
        report.delivery = http::delivery::complete;
        observer_->on_finished(report);
    }

    static void forget_secrets(partners::partner& of)
    {
        of.token.clear();
        of.inbound_tokens.clear();
    }

    static void add(server::server_report& sum, const server::server_report& of)
    {
        sum.connections += of.connections;
        sum.closed_unanswered += of.closed_unanswered;
        sum.failed_handshakes += of.failed_handshakes;
        sum.failed_accepts += of.failed_accepts;
    }

    /// They are reported until forget_stopped().
    std::vector<std::shared_ptr<server::http_server>> take_servers()
    {
        const std::lock_guard lock(mutex_);
        stopping_.insert(stopping_.end(), servers_.begin(), servers_.end());
        return std::exchange(servers_, {});
    }

    void forget_stopped()
    {
        const std::lock_guard lock(mutex_);
        for (const auto& server : stopping_) add(stopped_, server->report());
        stopping_.clear();
    }

    server::limits limits_;
    std::shared_ptr<logger> log_;
    /// nullptr: none.
    std::shared_ptr<http::request_observer> observer_;
    std::shared_ptr<composition::public_url_holder> url_;
    std::shared_ptr<readiness> readiness_;
    std::shared_ptr<Crud> crud_;
    std::shared_ptr<const clock> time_;
    /// nullptr: no TLS.
    std::shared_ptr<server::tls_certificates> certificates_;
    std::unique_ptr<server::tls_watch> certificate_watch_;
    /// Unless the host program brings one of its own.
    std::shared_ptr<server::outbound_client> client_;
    std::shared_ptr<credentials::platform> platform_;
    std::shared_ptr<exchange::pusher> pusher_;
    std::shared_ptr<managed::managed_session_service> manager_;
    std::shared_ptr<status::event_hub> events_;
    std::shared_ptr<sessions::session_writer> sessions_;
    /// nullptr: final readings are waited for always.
    std::unique_ptr<sessions::final_reading_watch> final_readings_;
    std::shared_ptr<exchange::puller> puller_;
    std::shared_ptr<exchange::pull_schedule> pulls_;
    std::shared_ptr<http::pipeline> pipeline_;
    mutable std::mutex mutex_;
    // All of this is guarded by mutex_.
    std::vector<std::shared_ptr<server::http_server>> servers_;
    std::vector<std::shared_ptr<server::http_server>> stopping_;
    /// Counts of servers that have stopped.
    server::server_report stopped_;
    /// While it listens, or stops.
    asio::any_io_executor executor_;
    /// Push and pull with partners: from the first listen() to stop().
    std::atomic<bool> is_exchanging_ = false;
};

Application::Application(application_options options, std::shared_ptr<Crud> crud,
                         std::shared_ptr<Authenticator> authenticator)
    : impl_(std::make_unique<impl>(std::move(options), crud, std::move(authenticator)))
{
}

Application::~Application() = default;

asio::awaitable<http::response> Application::answer(http::request received)
{
    return impl_->answer(std::move(received));
}

asio::awaitable<result<partners::partner>> Application::register_partner(
    credentials::registration_request request)
{
    return impl_->register_partner(std::move(request));
}

asio::awaitable<result<std::vector<partners::partner>>> Application::list_partners()
{
    return impl_->list_partners();
}

asio::awaitable<result<partners::partner>> Application::rotate_partner(std::string name)
{
    return impl_->rotate_partner(std::move(name));
}

asio::awaitable<result<partners::partner>> Application::set_partner(
    std::string name, partners::partner_settings settings)
{
    return impl_->set_partner(std::move(name), settings);
}

asio::awaitable<result<void>> Application::remove_partner(std::string name, bool even_unconfirmed)
{
    return impl_->remove_partner(std::move(name), even_unconfirmed);
}

asio::awaitable<result<exchange::pull_summary>> Application::sync_partner(
    std::string name, exchange::pull_range range, exchange::pull_callback on_page)
{
    return impl_->sync_partner(std::move(name), range, std::move(on_page));
}

std::string Application::listen(asio::any_io_executor executor, const std::string& host_and_port)
{
    return impl_->listen(std::move(executor), host_and_port);
}

std::string Application::listen(asio::any_io_executor executor, int listening_socket)
{
    return impl_->listen(std::move(executor), listening_socket);
}

asio::awaitable<std::vector<std::string>> Application::find_unready_reasons()
{
    return impl_->find_unready_reasons();
}

application_report Application::report() const
{
    return impl_->report();
}

asio::awaitable<result<status::session_counts>> Application::count_sessions()
{
    return impl_->count_sessions();
}

bool Application::post(std::function<void()> task)
{
    return impl_->post(std::move(task));
}

void Application::reload_certificates()
{
    impl_->reload_certificates();
}

asio::awaitable<void> Application::stop()
{
    return impl_->stop();
}

void Application::run(const std::string& host_and_port, std::size_t threads,
                      const std::function<void(const std::string& url)>& on_ready)
{
    ready_callback observer(on_ready);
    run_options options;
    options.listen = host_and_port;
    options.threads = threads;
    options.observer = &observer;
    impl_->run(options);
}

void Application::run(const run_options& options)
{
    impl_->run(options);
}

}  // namespace ocpi
