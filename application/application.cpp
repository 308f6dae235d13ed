#include "application/application.hpp"

#include "application/application_impl.hpp"
#include "http/target.hpp"
#include "modules/console/session_pages.hpp"
#include "modules/status/count_sessions.hpp"
#include "partners/partner_authenticator.hpp"

#include <stdexcept>
#include <utility>

namespace ocpi {

namespace asio = boost::asio;

namespace {

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

void add(server::server_report& sum, const server::server_report& of)
{
    sum.connections += of.connections;
    sum.closed_unanswered += of.closed_unanswered;
    sum.failed_handshakes += of.failed_handshakes;
    sum.failed_accepts += of.failed_accepts;
}

}  // namespace

Application::impl::impl(application_options options, const std::shared_ptr<Crud>& crud,
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
    watch_ = std::make_shared<crud::store_watch>(crud, log_);
    options.readiness = readiness_;
    leases_ = composition::make_lease_keeper(options, crud);
    platform_ = composition::make_platform(options, crud, url_);
    pusher_ = composition::make_pusher(options, crud, *platform_, leases_);
    composition::services services;
    services.forwarder = composition::make_forwarder(options, *platform_);
    services.serving = pusher_;
    // The manager needs the tariffs before they can know of it.
    const auto planner = std::make_shared<std::weak_ptr<managed::managed_session_service>>();
    auto price_change = [planner](const crud::object_key& changed) {
        if (const auto manager = planner->lock()) manager->on_price_change(changed.owner());
    };
    tariff_watch_ = std::make_shared<tariffs::tariff_watch>(crud, price_change, log_);
    watch_->add(tariff_watch_);
    auto own_change = [price_change, watch = tariff_watch_](const tariffs::tariff_change& change) {
        watch->on_own_change(change);
        price_change(change.key);
    };
    services.tariffs = std::make_shared<tariffs::tariff_store>(crud, std::move(own_change));
    services.plans = std::make_shared<driver_plans::driver_plan_store>(crud);
    const auto finder = composition::make_tariff_finder(options, services.tariffs);
    manager_ = composition::make_managed_session_service(options, crud, services.forwarder, finder,
                                                         leases_);
    *planner = manager_;
    services.costs = composition::make_costs(options, crud, finder, services.plans);
    const auto shown_costs = options.costs ? options.costs : services.costs;
    services.status =
        std::make_shared<status::status_source>(crud, manager_, shown_costs, options.time);
    status::hub_dependencies hub;
    hub.crud = crud;
    hub.source = services.status;
    hub.watch = watch_;
    hub.log = log_;
    events_ = std::make_shared<status::event_hub>(std::move(hub));
    watch_->add(events_);
    watch_->add(manager_);
    const sessions::change_listeners followers{pusher_, manager_};
    feed_ = std::make_shared<sessions::change_feed>(crud, watch_, followers, log_);
    watch_->add(feed_);
    sessions_ = std::make_shared<sessions::session_writer>(
        crud, sessions::change_listeners{pusher_, manager_, feed_},
        sessions::final_reading_rule{options.final_reading_timeout, options.time});
    if (options.final_reading_timeout.count() > 0) {
        final_readings_ = std::make_unique<sessions::final_reading_watch>(
            sessions_, log_, std::make_shared<crud::lease_group>(crud, leases_));
    }
    puller_ = composition::make_puller(options, crud, sessions_, *platform_);
    pulls_ = std::make_shared<exchange::pull_schedule>(
        puller_, platform_->partners, log_, std::make_shared<crud::lease_group>(crud, leases_));
    platform_->partners_changed = [push = std::weak_ptr(pusher_), pull = std::weak_ptr(pulls_)] {
        if (const auto pusher = push.lock()) pusher->partners_changed();
        if (const auto pulls = pull.lock()) pulls->partners_changed();
    };
    services.sessions = sessions_;
    services.manager = manager_;
    services.events = events_;
    services.platform = platform_;
    services.url = url_;
    services.is_shared_store = crud->leases() != nullptr;
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

asio::awaitable<http::response> Application::impl::answer(http::request received)
{
    const auto started = std::chrono::steady_clock::now();
    const auto report = begin_report(received);
    auto answered = co_await pipeline_->handle(std::move(received));
    if (report) finish_report(*report, answered, std::chrono::steady_clock::now() - started);
    answered.held.reset();  // a host may keep its answers
    co_return answered;
}

asio::awaitable<std::vector<std::string>> Application::impl::find_unready_reasons()
{
    auto reasons = readiness_->reasons();
    const auto add_failure = [&reasons](const char* what, const result<void>& checked) {
        if (checked.has_value()) return;
        const auto& failure = checked.error();
        reasons.push_back(what +
                          (failure.log_text().empty() ? failure.text() : failure.log_text()));
    };
    const auto writable = co_await crud_->check_writable();
    add_failure("store not writable: ", writable);
    const auto readable = co_await crud_->check_readable();
    add_failure("store not readable: ", readable);
    co_return reasons;
}

application_report Application::impl::report() const
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
    report.leases = leases_->report();
    if (certificates_) report.certificate_expiry = certificates_->expiry();
    return report;
}

asio::awaitable<result<status::session_counts>> Application::impl::count_sessions()
{
    const sessions::session_reader reader(crud_);
    co_return co_await status::count_sessions(reader, time_->now());
}

std::shared_ptr<http::request_report> Application::impl::begin_report(http::request& received) const
{
    if (!observer_) return nullptr;
    auto report = std::make_shared<http::request_report>();
    report->started_at = std::chrono::system_clock::now();
    report->bytes_in = received.body.size();
    received.report = report;
    return report;
}

void Application::impl::finish_report(http::request_report& report, const http::response& answered,
                                      std::chrono::steady_clock::duration took) const
{
    report.handling = report.duration = took;
    report.status = answered.status;
    report.is_stream = answered.stream != nullptr;
    report.bytes_out = answered.body.size();
    report.delivery = http::delivery::complete;
    observer_->on_finished(report);
}

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
