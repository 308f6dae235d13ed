#include "application/composition.hpp"

#include "auth/token_store.hpp"
#include "http/caller_route.hpp"
#include "modules/credentials/credentials_module.hpp"
#include "modules/development/clock_control.hpp"
#include "modules/driver_plans/driver_plans_api.hpp"
#include "modules/driver_plans/stored_metered_sessions.hpp"
#include "modules/exchange/partner_preferences.hpp"
#include "modules/managed/policies_api.hpp"
#include "modules/managed/sessions_api.hpp"
#include "modules/openapi/openapi_module.hpp"
#include "modules/pricing/session_cost_api.hpp"
#include "modules/pricing/tariff_energy_prices.hpp"
#include "modules/sessions/sessions_module.hpp"
#include "modules/status/event_routes.hpp"
#include "modules/status/status_api.hpp"
#include "modules/status/status_list_api.hpp"
#include "modules/tariffs/stored_tariff_directory.hpp"
#include "modules/tariffs/tariffs_module.hpp"
#include "modules/versions/versions_module.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::composition {
namespace {

/// The versions asked for, the newest first.
std::vector<protocol::version> read_versions(const std::vector<std::string>& asked)
{
    std::string known;
    std::vector<protocol::version> versions;
    for (auto each = protocol::all_versions.rbegin(); each != protocol::all_versions.rend();
         ++each) {
        const std::string name(to_string(*each));
        known += known.empty() ? name : ", " + name;
        if (std::find(asked.begin(), asked.end(), name) != asked.end()) versions.push_back(*each);
    }
    for (const auto& name : asked) {
        if (protocol::parse_version(name)) continue;
        throw std::invalid_argument("OCPI version " + name +
                                    " is not offered; these are: " + known);
    }
    if (versions.empty()) {
        throw std::invalid_argument("an Application needs an OCPI version; there are " + known);
    }
    return versions;
}

/// The modules that an Application may offer besides versions and credentials.
constexpr std::array<std::string_view, 2> all_modules{"sessions", "tariffs"};

void require_known_modules(const std::vector<std::string>& asked)
{
    for (const auto& name : asked) {
        if (std::find(all_modules.begin(), all_modules.end(), name) != all_modules.end()) continue;
        std::string known;
        for (const auto each : all_modules) {
            if (!known.empty()) known += ", ";
            known += each;
        }
        throw std::invalid_argument("module " + name + " is not offered; these are: " + known);
    }
}

bool offers(const application_options& options, std::string_view module)
{
    return std::find(options.modules.begin(), options.modules.end(), module) !=
           options.modules.end();
}

bool contains(const std::vector<party_role>& roles, party_role wanted)
{
    return std::find(roles.begin(), roles.end(), wanted) != roles.end();
}

std::vector<party> parties_in_role(const std::vector<own_party>& parties, party_role role)
{
    std::vector<party> found;
    for (const auto& own : parties) {
        if (contains(own.roles, role)) found.push_back(own.party);
    }
    return found;
}

/// Our parties in their roles, as sent to partners.
std::vector<credentials::named_role> own_roles(const std::vector<own_party>& parties)
{
    std::vector<credentials::named_role> roles;
    for (const auto& own : parties) {
        const auto& name = own.name.empty() ? to_string(own.party) : own.name;
        for (const auto role : own.roles) {
            auto& named = roles.emplace_back(credentials_role(role, own.party), name);
            named.website = own.website;
            named.logo = own.logo;
        }
    }
    return roles;
}

/// Revokes the token by which a partner has registered, if it is one of ours.
boost::asio::awaitable<void> revoke(std::shared_ptr<Crud> crud, std::string token_hash,
                                    std::string name)
{
    auth::token_store tokens(std::move(crud));
    const auto found = co_await tokens.find(std::move(token_hash));
    if (found.has_error() || !*found || (*found)->name != name) co_return;
    (void)co_await tokens.revoke(std::move(name));
}

/// Stores the form of our token that the partner accepts.
boost::asio::awaitable<void> keep_token_form(std::shared_ptr<partners::partner_store> partners,
                                             std::shared_ptr<logger> log,
                                             partners::platform_access learned)
{
    const auto kept = co_await partners->keep_token_form(learned.name, learned.token, learned.form);
    if (kept.has_error()) co_return;
    const bool is_raw = learned.form == partners::token_form::raw;
    log->write(log_level::info, "the partner " + learned.name + " accepts our token " +
                                    (is_raw ? "without Base64" : "in Base64") +
                                    " only; it is sent so from now on");
}

/// What a version's details say is offered in it.
versions::version_details details_of(protocol::version version, const application_options& options)
{
    versions::version_details details;
    details.version = version;
    auto& endpoints = details.endpoints;
    const bool as_sender = contains(options.roles, party_role::cpo);
    const bool as_receiver = contains(options.roles, party_role::emsp);
    for (const char* module : {"sessions", "tariffs"}) {
        if (!offers(options, module)) continue;
        if (as_sender) endpoints.emplace_back(module, "SENDER", http::sender_path(module, version));
        if (as_receiver) {
            endpoints.emplace_back(module, "RECEIVER", http::receiver_path(module, version));
        }
    }
    endpoints.emplace_back("credentials", "SENDER", credentials::module_path(version));
    return details;
}

}  // namespace

std::shared_ptr<credentials::platform> make_platform(const application_options& options,
                                                     const std::shared_ptr<Crud>& crud,
                                                     const std::shared_ptr<public_url_holder>& url)
{
    auto own = std::make_shared<credentials::platform>();
    own->partners = std::make_shared<partners::partner_store>(crud);
    auto keep_form = [partners = own->partners,
                      log = options.log](partners::platform_access learned) {
        return keep_token_form(partners, log, std::move(learned));
    };
    own->client = std::make_shared<partners::platform_client>(
        options.http_client, std::move(keep_form), partners::platform_client::pause_function(),
        partners::join_observers(options.call_observers));
    own->time = options.time;
    own->log = options.log;
    own->roles = own_roles(options.parties);
    own->versions = read_versions(options.versions);
    own->versions_url = [url] {
        const auto base = url->get();
        return base.empty() ? base : base + "/ocpi/versions";
    };
    own->revoke_token = [crud](const auth::principal& bearer) {
        return revoke(crud, bearer.token_hash, bearer.name);
    };
    return own;
}

http::router make_router(const application_options& options, const services& services)
{
    require_known_modules(options.modules);
    const auto public_url = [url = services.url] { return url->get(); };
    http::client_owned_options common;
    common.own_cpo_parties = parties_in_role(options.parties, party_role::cpo);
    common.public_url = public_url;
    common.lists.limits = options.page_limits;
    common.lists.turns = std::make_shared<http::list_turns>(options.list_limits);
    common.as_sender = contains(options.roles, party_role::cpo);
    common.as_receiver = contains(options.roles, party_role::emsp);
    common.versions = services.platform->versions;
    http::router router;
    if (offers(options, "sessions")) {
        const sessions::module_options session_options{common, options.evses, services.forwarder,
                                                       services.serving};
        sessions::add_sessions_module(router, services.sessions, session_options);
        managed::add_policy_routes(router, services.sessions, services.manager);
        managed::add_session_routes(router, services.sessions, services.manager, common.lists);
        status::add_status_route(router, services.sessions, services.status);
        status::add_status_list_routes(router, services.sessions, services.status, common.lists);
        status::add_event_routes(router, services.events, services.status);
        driver_plans::add_driver_plan_routes(router, services.plans);
        if (services.costs) {
            pricing::add_cost_route(router, services.sessions, services.manager, services.costs);
        }
    }
    if (offers(options, "tariffs")) {
        tariffs::add_tariffs_module(router, services.tariffs, common);
    }
    std::vector<versions::version_details> offered;
    for (const auto version : services.platform->versions) {
        offered.push_back(details_of(version, options));
    }
    versions::add_versions_module(router, std::move(offered), public_url);
    credentials::add_credentials_module(router, services.platform);
    http::add_caller_route(router);
    openapi::add_openapi_module(router);
    if (options.development_clock) {
        development::add_clock_control(router, options.development_clock, services.is_shared_store);
    }
    return router;
}

std::shared_ptr<sessions::preferences_forwarder> make_forwarder(
    const application_options& options, const credentials::platform& own_platform)
{
    return std::make_shared<exchange::partner_preferences>(
        own_platform.partners, own_platform.client,
        parties_in_role(options.parties, party_role::emsp));
}

std::shared_ptr<crud::lease_keeper> make_lease_keeper(const application_options& options,
                                                      const std::shared_ptr<Crud>& crud)
{
    auto keeper = options.leases;
    if (!keeper.log) keeper.log = options.log;
    if (!keeper.readiness) keeper.readiness = options.readiness;
    return std::make_shared<crud::lease_keeper>(crud, std::move(keeper));
}

std::shared_ptr<managed::managed_session_service> make_managed_session_service(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<sessions::preferences_forwarder>& forwarder,
    const std::shared_ptr<pricing::session_tariff_finder>& tariffs,
    const std::shared_ptr<crud::lease_keeper>& leases)
{
    managed::service_dependencies dependencies;
    dependencies.crud = crud;
    dependencies.time = options.time;
    dependencies.prices = options.prices;
    if (!dependencies.prices) {
        dependencies.prices = std::make_shared<pricing::tariff_energy_prices>(tariffs);
    }
    dependencies.evses = options.evses;
    dependencies.forwarder = forwarder;
    dependencies.own_cpo_parties = parties_in_role(options.parties, party_role::cpo);
    dependencies.log = options.log;
    dependencies.leases = leases;
    return std::make_shared<managed::managed_session_service>(std::move(dependencies));
}

std::shared_ptr<pricing::session_tariff_finder> make_tariff_finder(
    const application_options& options, const std::shared_ptr<tariffs::tariff_store>& tariffs)
{
    pricing::tariff_finder_dependencies dependencies;
    dependencies.tariffs = std::make_shared<tariffs::stored_tariff_directory>(
        tariffs, parties_in_role(options.parties, party_role::cpo));
    dependencies.evses = options.evses;
    dependencies.zone = options.pricing_zone;
    return std::make_shared<pricing::session_tariff_finder>(std::move(dependencies));
}

std::shared_ptr<pricing::session_costs> make_costs(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<pricing::session_tariff_finder>& tariffs,
    const std::shared_ptr<driver_plans::driver_plan_store>& plans)
{
    if (options.costs) return nullptr;
    auto metered = std::make_shared<driver_plans::stored_metered_sessions>(crud);
    auto ledger = std::make_shared<driver_plans::driver_plan_ledger>(std::move(metered));
    return std::make_shared<pricing::session_costs>(tariffs, plans, std::move(ledger));
}

std::shared_ptr<exchange::pusher> make_pusher(const application_options& options,
                                              const std::shared_ptr<Crud>& crud,
                                              const credentials::platform& own_platform,
                                              const std::shared_ptr<crud::lease_keeper>& leases)
{
    exchange::push_dependencies dependencies;
    dependencies.crud = crud;
    dependencies.partners = own_platform.partners;
    dependencies.client = own_platform.client;
    dependencies.own_cpo_parties = parties_in_role(options.parties, party_role::cpo);
    dependencies.log = options.log;
    dependencies.observer = options.exchange_observer;
    dependencies.leases = leases;
    return std::make_shared<exchange::pusher>(std::move(dependencies));
}

std::shared_ptr<exchange::puller> make_puller(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<sessions::session_writer>& sessions,
    const credentials::platform& own_platform)
{
    exchange::puller::dependencies dependencies;
    dependencies.crud = crud;
    dependencies.client = own_platform.client;
    dependencies.own_emsp_parties = parties_in_role(options.parties, party_role::emsp);
    dependencies.time = options.time;
    dependencies.log = options.log;
    dependencies.observer = options.exchange_observer;
    return std::make_shared<exchange::puller>(sessions, std::move(dependencies));
}

}  // namespace ocpi::composition
