#include "app/admin/admin_listener.hpp"
#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/effective_config.hpp"
#include "app/file_limit.hpp"
#include "app/log.hpp"
#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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
/// like a full disk, not as the end of the process.
void ignore_signals()
{
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

/// Health and metrics for the operator, if they are configured.
class admin_part {
public:
    admin_part(const config& effective, const std::string& version, std::shared_ptr<logger> log)
    {
        if (effective.admin_listen.empty()) return;
        sources_->version = version;
        sources_->readiness->report(start, "migrations under way: the store is being opened");
        listener_.emplace(effective.admin_listen, sources_, std::move(log));
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

}  // namespace

int serve(const platform_arguments& arguments)
{
    auto effective = effective_config(arguments);
    const auto log = make_stderr_logger(effective.lowest_log_level);
    for (const auto& warning : warnings_about(effective)) {
        log->write(log_level::warning, warning);
    }
    limit_connections(effective.limits, *log);
    ignore_signals();
    // Before the store is opened, which takes long where its schema must be brought up to date.
    admin_part admin(effective, arguments.version, log);
    const auto crud = open_database(effective.database, log);
    const auto authenticator =
        std::make_shared<auth::token_authenticator>(auth::token_store(crud), effective.tokens);

    auto options = application_options_of(effective, log);
    if (arguments.development) options.development_clock = std::make_shared<adjustable_clock>();
    admin.observe(options);
    Application application(std::move(options), crud, authenticator);
    const auto use = admin.answer_for(application, crud);
    application.run(effective.listen, 0, [&](const std::string& url) {
        std::printf("listening on %s\n", url.c_str());
        admin.announce();
        std::fflush(stdout);
        log->write(log_level::info, "serving " + effective.database + " on " + url);
    });
    log->write(log_level::info, "stopped");
    return 0;
}

}  // namespace ocpi::app
