#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/effective_config.hpp"
#include "app/file_limit.hpp"
#include "app/log.hpp"
#include "app/reload.hpp"
#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
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
/// like a full disk, and so is a log that is read no more: neither ends the process.
void ignore_signals()
{
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

int serve(const platform_arguments& arguments)
{
    auto effective = effective_config(arguments);
    const auto read = effective;
    const auto log = std::make_shared<server_log>(STDERR_FILENO, effective.log);
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
    const auto on_ready = [&](const std::string& url) {
        std::printf("listening on %s\n", url.c_str());
        std::fflush(stdout);
        log->write(log_level::info, "serving " + effective.database + " on " + url);
    };
    application.run(effective.listen, 0, on_ready, [&reload] { reload.run(); });
    log->write(log_level::info, "stopped");
    return 0;
}

}  // namespace ocpi::app
