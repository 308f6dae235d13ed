#include "app/commands.hpp"
#include "app/config.hpp"
#include "app/database.hpp"
#include "app/log.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "ocpi/application.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::app {
namespace {

/// Every connection needs a file descriptor; the usual soft limit of 1024 is none of ours.
void raise_file_limit()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

/// Tokens are never stale, so there is nothing to reload on SIGHUP; and a file size limit is to be
/// met as a write that fails, like a full disk, not as the end of the process.
void ignore_signals()
{
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

bool is_loopback(std::string_view listen)
{
    return listen.starts_with("127.") || listen.starts_with("localhost:") ||
           listen.starts_with("[::1]:");
}

config effective_config(const serve_arguments& arguments)
{
    auto effective = arguments.config_file ? read_config(*arguments.config_file) : config();
    if (arguments.listen) effective.listen = *arguments.listen;
    if (arguments.database) effective.database = *arguments.database;
    if (arguments.public_url) effective.public_url = *arguments.public_url;
    return effective;
}

/// With --dev the server knows one party and one token, so that a newcomer can start at once.
void add_development_defaults(config& effective)
{
    if (!is_loopback(effective.listen)) {
        throw std::runtime_error(
            "--dev has a well-known token and serves loopback addresses only, "
            "such as 127.0.0.1:8000, not " +
            effective.listen);
    }
    if (effective.parties.empty()) {
        const std::vector<party_role> roles{party_role::cpo, party_role::emsp};
        effective.parties.emplace_back(party("ES", "ABC"), roles, "Development");
    }
    auth::principal identity;
    identity.kind = auth::caller_kind::platform_operator;
    identity.name = "development";
    identity.profile = auth::profile::tolerant;
    effective.tokens.emplace_back(std::move(identity), "your-token");
}

}  // namespace

int serve(const serve_arguments& arguments)
{
    auto effective = effective_config(arguments);
    if (arguments.development) add_development_defaults(effective);
    const auto log = make_stderr_logger(effective.lowest_log_level);
    if (effective.parties.empty()) {
        log->write(log_level::warning,
                   "no [[party]] is configured: this server has no sessions of its own to send");
    }
    raise_file_limit();
    ignore_signals();
    const auto crud = open_database(effective.database, log);
    const auto authenticator =
        std::make_shared<auth::token_authenticator>(auth::token_store(crud), effective.tokens);

    application_options options;
    options.parties = effective.parties;
    options.public_url = effective.public_url;
    options.page_limits = effective.page_limits;
    options.limits = effective.limits;
    options.log = log;
    if (arguments.development) options.development_clock = std::make_shared<adjustable_clock>();
    Application application(std::move(options), crud, authenticator);
    application.run(effective.listen, 0, [&](const std::string& url) {
        std::printf("listening on %s\n", url.c_str());
        std::fflush(stdout);
        log->write(log_level::info, "serving " + effective.database + " on " + url);
    });
    log->write(log_level::info, "stopped");
    return 0;
}

}  // namespace ocpi::app
