#pragma once

#include "application/application.hpp"
#include "http/router.hpp"
#include "modules/credentials/platform.hpp"
#include "modules/driver_plans/driver_plan_store.hpp"
#include "modules/exchange/pull.hpp"
#include "modules/exchange/push.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/pricing/session_cost.hpp"
#include "modules/pricing/session_tariffs.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/event_hub.hpp"
#include "modules/status/status_source.hpp"
#include "modules/tariffs/tariff_store.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

/// Builds the parts of an Application from its options.
namespace ocpi::composition {

/// Base of absolute URLs: configured, or set when the server starts listening.
class public_url_holder {
public:
    explicit public_url_holder(std::string configured) : url_(std::move(configured))
    {
        while (!url_.empty() && url_.back() == '/') url_.pop_back();
    }

    std::string get() const
    {
        const std::lock_guard lock(mutex_);
        return url_;
    }

    void set_if_unknown(const std::string& url)
    {
        const std::lock_guard lock(mutex_);
        if (url_.empty()) url_ = url;
    }

private:
    mutable std::mutex mutex_;
    std::string url_;
};

/// This platform as seen by partners. Throws std::invalid_argument for an unsupported version.
/// `options` has a clock, a client and a logger.
std::shared_ptr<credentials::platform> make_platform(const application_options& options,
                                                     const std::shared_ptr<Crud>& crud,
                                                     const std::shared_ptr<public_url_holder>& url);

/// Services used by the routes.
struct services {
    std::shared_ptr<sessions::session_writer> sessions;
    std::shared_ptr<managed::managed_session_service> manager;
    std::shared_ptr<status::status_source> status;
    std::shared_ptr<status::event_hub> events;
    std::shared_ptr<driver_plans::driver_plan_store> plans;
    /// nullptr: the host program supplies costs.
    std::shared_ptr<pricing::session_costs> costs;
    std::shared_ptr<tariffs::tariff_store> tariffs;
    std::shared_ptr<sessions::preferences_forwarder> forwarder;
    std::shared_ptr<sessions::serving_listener> serving;
    std::shared_ptr<credentials::platform> platform;
    std::shared_ptr<public_url_holder> url;
    /// Several processes use the store (Crud::leases()).
    bool is_shared_store = false;
};

/// By which the processes on a store find out which of them does what.
std::shared_ptr<crud::lease_keeper> make_lease_keeper(const application_options& options,
                                                      const std::shared_ptr<Crud>& crud);

/// The routes of all modules. Throws std::invalid_argument for an unknown module.
http::router make_router(const application_options& options, const services& services);

std::shared_ptr<managed::managed_session_service> make_managed_session_service(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<sessions::preferences_forwarder>& forwarder,
    const std::shared_ptr<pricing::session_tariff_finder>& tariffs,
    const std::shared_ptr<crud::lease_keeper>& leases);

/// Finds the tariffs that price sessions.
std::shared_ptr<pricing::session_tariff_finder> make_tariff_finder(
    const application_options& options, const std::shared_ptr<tariffs::tariff_store>& tariffs);

/// Computes session costs; nullptr if the host program supplies them.
std::shared_ptr<pricing::session_costs> make_costs(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<pricing::session_tariff_finder>& tariffs,
    const std::shared_ptr<driver_plans::driver_plan_store>& plans);

/// Forwards charging preferences to partners.
std::shared_ptr<sessions::preferences_forwarder> make_forwarder(
    const application_options& options, const credentials::platform& own_platform);

std::shared_ptr<exchange::pusher> make_pusher(const application_options& options,
                                              const std::shared_ptr<Crud>& crud,
                                              const credentials::platform& own_platform,
                                              const std::shared_ptr<crud::lease_keeper>& leases);

std::shared_ptr<exchange::puller> make_puller(
    const application_options& options, const std::shared_ptr<Crud>& crud,
    const std::shared_ptr<sessions::session_writer>& sessions,
    const credentials::platform& own_platform);

}  // namespace ocpi::composition
