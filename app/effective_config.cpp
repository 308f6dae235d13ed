#include "app/effective_config.hpp"

#include "modules/sessions/profile_type.hpp"

#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::app {
namespace {

/// Every EVSE of a party that no [[evse]] describes.
sessions::configured_evse capable_evses(const party& owner)
{
    using enum sessions::profile_type;
    sessions::configured_evse any;
    any.owner = owner;
    any.location_id = "*";
    any.evse_uid = "*";
    any.evse.capabilities = {"CHARGING_PREFERENCES_CAPABLE"};
    any.evse.profile_types = {cheap, fast, green, regular};
    any.evse.max_power_kw = decimal::parse("22");
    any.evse.is_stand_in = true;
    return any;
}

/// With --dev the server knows one party and one token, so that a newcomer can start at once, and
/// every EVSE takes every charging preference.
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
    // Behind those that are configured, which therefore count first.
    for (const auto& own : effective.parties) {
        effective.evses.push_back(capable_evses(own.party));
    }
    auth::principal identity;
    identity.kind = auth::caller_kind::platform_operator;
    identity.name = "development";
    identity.profile = auth::profile::tolerant;
    effective.tokens.emplace_back(std::move(identity), "your-token");
}

}  // namespace

bool is_loopback(std::string_view listen)
{
    return listen.starts_with("127.") || listen.starts_with("localhost:") ||
           listen.starts_with("[::1]:");
}

config effective_config(const platform_arguments& arguments)
{
    auto effective = arguments.config_file ? read_config(*arguments.config_file) : config();
    if (arguments.listen) effective.listen = *arguments.listen;
    if (arguments.admin_listen) {
        effective.admin_listen = *arguments.admin_listen;
        if (effective.admin_listen == effective.listen && !effective.listen.ends_with(":0")) {
            throw std::runtime_error(
                "--admin-listen must be another address than that of the server");
        }
    }
    if (arguments.database) effective.database = *arguments.database;
    if (arguments.database_password_file) {
        effective.database_password_file = *arguments.database_password_file;
    }
    if (arguments.allow_lost_writes) effective.allow_lost_writes = true;
    if (arguments.public_url) effective.public_url = *arguments.public_url;
    if (arguments.development) add_development_defaults(effective);
    return effective;
}

database_settings database_of(const config& effective)
{
    database_settings settings;
    settings.url = effective.database;
    settings.password_file = effective.database_password_file;
    settings.allow_lost_writes = effective.allow_lost_writes;
    return settings;
}

std::vector<std::string> warnings_about(const config& effective)
{
    std::vector<std::string> warnings;
    if (effective.parties.empty()) {
        warnings.emplace_back(
            "no [[party]] is configured: this server has no sessions of its own to send");
    }
    if (effective.public_url.empty() && !is_loopback(effective.listen)) {
        warnings.push_back("no public_url is configured: links and version details will name " +
                           std::string(effective.tls.is_enabled() ? "https://" : "http://") +
                           effective.listen + ", which partners may not be able to reach");
    }
    if (!effective.admin_listen.empty() && !is_loopback(effective.admin_listen)) {
        warnings.push_back("admin.listen is " + effective.admin_listen +
                           ", beyond this machine: health and metrics need no token, so let a "
                           "firewall admit your monitoring alone");
    }
    return warnings;
}

application_options application_options_of(const config& effective, std::shared_ptr<logger> log)
{
    application_options options;
    options.parties = effective.parties;
    options.public_url = effective.public_url;
    if (!effective.evses.empty()) {
        options.evses = std::make_shared<sessions::configured_evse_directory>(effective.evses);
    }
    options.pricing_zone = effective.pricing_zone;
    options.cors = http::cors_policy(effective.cors_origins);
    options.page_limits = effective.page_limits;
    options.list_limits = effective.list_limits;
    options.request_limits = effective.request_limits;
    options.limits = effective.limits;
    options.tls = effective.tls;
    options.has_pages = effective.has_pages;
    options.pages_name = effective.pages_name;
    options.final_reading_timeout = effective.final_reading_timeout;
    options.outbound = effective.outbound;
    options.log = std::move(log);
    return options;
}

}  // namespace ocpi::app
