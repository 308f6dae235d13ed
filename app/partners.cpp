#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/effective_config.hpp"
#include "app/finish.hpp"
#include "app/log.hpp"
#include "app/sync_progress.hpp"
#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ocpi::app {
namespace {

/// This platform without a server of its own: the one that runs on the same database answers
/// when a partner calls back.
class offline_platform {
public:
    explicit offline_platform(const platform_arguments& arguments)
    {
        auto effective = effective_config(arguments);
        if (!is_durable(effective.database)) {
            throw std::runtime_error("partners in " + effective.database +
                                     " would be gone at once: use a database that stays");
        }
        require_existing(effective.database);
        if (effective.public_url.empty()) effective.public_url = "http://" + effective.listen;
        const auto log = make_stderr_logger(log_level::warning);
        const auto crud = open_database(database_of(effective), log);
        auto authenticator = std::make_shared<auth::token_authenticator>(auth::token_store(crud));
        application = std::make_unique<Application>(application_options_of(effective, log), crud,
                                                    std::move(authenticator));
    }

    /// The name of the partner that goes by this name or has this party.
    std::string resolve(const std::string& text)
    {
        for (const auto& each : finish(application->list_partners())) {
            const auto roles = represented_roles(each);
            const bool is_party =
                std::any_of(roles.begin(), roles.end(), [&](const credentials_role& role) {
                    return equal_ignoring_case(to_string(role.party), text);
                });
            if (is_party || equal_ignoring_case(each.name, text)) return each.name;
        }
        throw std::runtime_error("no partner " + text +
                                 " is registered; ocpi-sessions partner list names them");
    }

    std::unique_ptr<Application> application;
};

std::string describe(const partners::partner& of)
{
    std::string text = of.name;
    text.append(" ").append(protocol::to_string(of.version));
    text.append(" ").append(auth::to_string(of.profile));
    if (of.is_trusted) text += " trusted";
    if (of.closing_put) text += " closing-put";
    if (of.token_form == partners::token_form::raw) text += " raw-token";
    if (of.is_hub) text += " hub";
    for (const auto& role : represented_roles(of)) text.append(" ").append(to_string(role));
    return text.append(" ").append(of.versions_url);
}

std::vector<credentials_role> read_roles(const std::vector<std::string>& texts)
{
    std::vector<credentials_role> roles;
    for (const auto& text : texts) {
        const auto role = parse_credentials_role(text);
        if (!role) {
            throw std::runtime_error("a role is written like CPO:BE*BEC, not \"" + text + '"');
        }
        roles.push_back(*role);
    }
    return roles;
}

std::optional<date_time> read_instant(const char* option, const std::string& text)
{
    if (text.empty()) return {};
    const auto read = parse_date_time(text);
    if (!read) {
        throw std::runtime_error(std::string(option) +
                                 " takes a DateTime such as "
                                 "2026-01-01T00:00:00Z, not \"" +
                                 text + '"');
    }
    return read->value;
}

}  // namespace

int partner_register(const platform_arguments& platform,
                     const partner_register_arguments& arguments)
{
    credentials::registration_request request;
    request.name = arguments.name;
    request.versions_url = arguments.versions_url;
    request.token_a = arguments.token_a;
    request.is_trusted = arguments.is_trusted;
    request.allowed_roles = read_roles(arguments.roles);
    const auto profile = auth::parse_profile(arguments.profile);
    if (!profile) {
        throw std::runtime_error("the profile of a partner is strict or tolerant, not \"" +
                                 arguments.profile + '"');
    }
    request.profile = *profile;
    offline_platform own(platform);
    const auto registered = finish(own.application->register_partner(std::move(request)));
    std::printf("%s\n", describe(registered).c_str());
    return 0;
}

int sync(const platform_arguments& platform, const sync_arguments& arguments)
{
    exchange::pull_range range;
    range.date_from = read_instant("--date-from", arguments.date_from);
    range.date_to = read_instant("--date-to", arguments.date_to);
    offline_platform own(platform);
    const auto name = own.resolve(arguments.partner);
    std::optional<sync_progress> progress(std::in_place, stderr);
    const auto show = [&](const exchange::pull_summary& so_far) { progress->show(so_far); };
    const auto summary = finish(own.application->sync_partner(name, range, show));
    progress.reset();
    std::printf("%s\n", describe_sync(summary).c_str());
    return 0;
}

int partner_list(const platform_arguments& platform)
{
    offline_platform own(platform);
    for (const auto& each : finish(own.application->list_partners())) {
        std::printf("%s\n", describe(each).c_str());
    }
    return 0;
}

int partner_rotate(const platform_arguments& platform, const std::string& partner)
{
    offline_platform own(platform);
    const auto renewed = finish(own.application->rotate_partner(own.resolve(partner)));
    std::printf("%s\n", describe(renewed).c_str());
    return 0;
}

int partner_set(const platform_arguments& platform, const std::string& partner,
                const std::string& closing_put)
{
    partners::partner_settings settings;
    settings.closing_put = closing_put == "on";
    offline_platform own(platform);
    const auto changed = finish(own.application->set_partner(own.resolve(partner), settings));
    std::printf("%s\n", describe(changed).c_str());
    return 0;
}

int partner_remove(const platform_arguments& platform, const std::string& partner,
                   bool even_unconfirmed)
{
    offline_platform own(platform);
    const auto name = own.resolve(partner);
    finish(own.application->remove_partner(name, even_unconfirmed));
    std::fprintf(stderr, "removed %s\n", name.c_str());
    return 0;
}

}  // namespace ocpi::app
