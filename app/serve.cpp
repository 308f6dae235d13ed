#include "app/admin/admin_listener.hpp"
#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/effective_config.hpp"
#include "app/file_limit.hpp"
#include "app/log.hpp"
#include "app/reload.hpp"
#include "app/service_link.hpp"
#include "app/socket_activation.hpp"
#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::app {
namespace {

/// As many connections as the process has file descriptors for.
void limit_connections(server::limits& limits, logger& log)
{
    const auto files = raise_file_limit();
    const auto possible = connections_within(files, limits.max_connections);
    if (possible == limits.max_connections) return;
    log.write(log_level::warning, "limits.max_connections is " + std::to_string(possible) +
                                      " instead of " + std::to_string(limits.max_connections) +
                                      ": this process may open " + std::to_string(*files) +
                                      " files (ulimit -n, LimitNOFILE=)");
    limits.max_connections = possible;
}

/// SIGHUP has no effect before the server listens. A file size limit is met as a write that fails,
/// like a full disk, and so is a log that is read no more: neither ends the process.
void ignore_signals()
{
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
}

/// What the configuration says of the address is judged for each socket, as if it were `listen`.
config effective_config_on(platform_arguments arguments, const activation_sockets& sockets)
{
    std::optional<config> effective;
    for (const int each : sockets.to_public) {
        arguments.listen = address_of(each);
        auto judged = effective_config(arguments);
        if (!effective || !is_loopback(judged.listen)) effective = std::move(judged);
    }
    return effective ? std::move(*effective) : effective_config(arguments);
}

/// Health and metrics for the operator, if they are configured.
class admin_part {
public:
    /// On a socket of the service manager's, or else on the configured address.
    admin_part(const config& effective, const std::vector<int>& sockets, const std::string& version,
               std::shared_ptr<logger> log)
    {
        if (sockets.size() > 1) {
            throw std::runtime_error("the service manager passes more than one socket named admin");
        }
        if (effective.admin_listen.empty() && sockets.empty()) return;
        sources_->version = version;
        sources_->readiness->report(start, "migrations under way: the store is being opened");
        if (sockets.empty()) {
            listener_.emplace(effective.admin_listen, sources_, std::move(log));
        } else {
            listener_.emplace(sockets.front(), sources_, std::move(log));
        }
    }

    void observe(application_options& options) const
    {
        if (!listener_) return;
        options.readiness = sources_->readiness;
        options.exchange_observer = sources_->partners;
        options.request_observers.push_back(sources_->requests);
    }

    struct end_of_use {
        std::optional<admin_listener>& listener;
        ~end_of_use()
        {
            if (listener) listener->stop();
        }
    };
    /// Answers for this Application until the returned value is destroyed.
    end_of_use answer_for(Application& application, const std::shared_ptr<Crud>& store)
    {
        sources_->attach(application, store);
        return end_of_use{listener_};
    }

    /// The public addresses are open.
    void announce() const
    {
        if (!listener_) return;
        std::printf("admin on %s\n", listener_->url().c_str());
        sources_->readiness->clear(start);
    }

private:
    static constexpr const char* start = "start";
    const std::shared_ptr<admin_sources> sources_ = std::make_shared<admin_sources>();
    std::optional<admin_listener> listener_;
};

/// Prints where the server listens, and tells the log and the service manager.
class ready_report final : public run_observer {
public:
    ready_report(run_observer& service, const admin_part& admin, std::string database,
                 std::shared_ptr<logger> log)
        : service_(service), admin_(admin), database_(std::move(database)), log_(std::move(log))
    {
    }

    void on_ready(const boost::asio::any_io_executor& executor,
                  const std::vector<std::string>& urls) override
    {
        for (const auto& url : urls) {
            std::printf("listening on %s\n", url.c_str());
            log_->write(log_level::info, "serving " + database_ + " on " + url);
        }
        admin_.announce();
        std::fflush(stdout);
        service_.on_ready(executor, urls);
    }
    void on_reloading() override { service_.on_reloading(); }
    void on_reloaded() override { service_.on_reloaded(); }
    void on_stopping() override { service_.on_stopping(); }

private:
    run_observer& service_;
    const admin_part& admin_;
    const std::string database_;
    const std::shared_ptr<logger> log_;
};

}  // namespace

int serve(const platform_arguments& arguments)
{
    const auto sockets = take_activation_sockets();
    auto effective = effective_config_on(arguments, sockets);
    const auto read = effective;
    const auto log = std::make_shared<server_log>(STDERR_FILENO, effective.log);
    const auto service = make_service_link(log);
    for (const auto& warning : warnings_about(effective)) {
        log->write(log_level::warning, warning);
    }
    limit_connections(effective.limits, *log);
    ignore_signals();
    // Before the store is opened, which takes long where its schema must be brought up to date.
    admin_part admin(effective, sockets.to_admin, arguments.version, log);
    const auto crud = open_database(database_of(effective), log);
    const auto authenticator =
        std::make_shared<auth::token_authenticator>(auth::token_store(crud), effective.tokens);

    auto options = application_options_of(effective, log);
    options.request_observers.push_back(log);
    options.call_observers.push_back(log);
    config_reload reload(arguments, read, log, authenticator);
    if (arguments.development) options.development_clock = std::make_shared<adjustable_clock>();
    admin.observe(options);
    Application application(std::move(options), crud, authenticator);
    const auto use = admin.answer_for(application, crud);
    ready_report report(*service, admin, shown_url(effective.database), log);
    run_options running;
    running.listen = effective.listen;
    running.sockets = sockets.to_public;
    running.observer = &report;
    running.on_reload = [&reload] { reload.run(); };
    application.run(running);
    log->write(log_level::info, "stopped");
    return 0;
}

}  // namespace ocpi::app
