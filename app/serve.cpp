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

/// Prints where the server listens, and tells the log and the service manager.
class ready_report final : public run_observer {
public:
    ready_report(run_observer& service, std::string database, std::shared_ptr<logger> log)
        : service_(service), database_(std::move(database)), log_(std::move(log))
    {
    }

    void on_ready(const boost::asio::any_io_executor& executor,
                  const std::vector<std::string>& urls) override
    {
        for (const auto& url : urls) {
            std::printf("listening on %s\n", url.c_str());
            log_->write(log_level::info, "serving " + database_ + " on " + url);
        }
        std::fflush(stdout);
        service_.on_ready(executor, urls);
    }
    void on_reloading() override { service_.on_reloading(); }
    void on_reloaded() override { service_.on_reloaded(); }
    void on_stopping() override { service_.on_stopping(); }

private:
    run_observer& service_;
    const std::string database_;
    const std::shared_ptr<logger> log_;
};

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

/// An admin listener would take them; until then they are an error, not silently left unserved.
void refuse_admin_sockets(const activation_sockets& sockets)
{
    if (sockets.to_admin.empty()) return;
    throw std::runtime_error(
        "the service manager passes a socket named admin, which this version "
        "does not serve");
}

}  // namespace

int serve(const platform_arguments& arguments)
{
    const auto sockets = take_activation_sockets();
    refuse_admin_sockets(sockets);
    auto effective = effective_config_on(arguments, sockets);
    const auto read = effective;
    const auto log = std::make_shared<server_log>(STDERR_FILENO, effective.log);
    const auto service = make_service_link(log);
    for (const auto& warning : warnings_about(effective)) {
        log->write(log_level::warning, warning);
    }
    limit_connections(effective.limits, *log);
    ignore_signals();
    const auto crud = open_database(effective.database, log);
    const auto authenticator =
        std::make_shared<auth::token_authenticator>(auth::token_store(crud), effective.tokens);

    auto options = application_options_of(effective, log);
    options.request_observers.push_back(log);
    options.call_observers.push_back(log);
    config_reload reload(arguments, read, log, authenticator);
    if (arguments.development) options.development_clock = std::make_shared<adjustable_clock>();
    Application application(std::move(options), crud, authenticator);
    ready_report report(*service, effective.database, log);
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
