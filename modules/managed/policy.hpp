#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::managed {

/// Where the policy applies.
struct policy_location {
    ci_string country_code;
    ci_string party_id;
    ci_string location_id;
    /// std::nullopt: any EVSE of the location.
    std::optional<ci_string> evse_uid;
};

struct vehicle {
    /// Above 0.
    decimal battery_capacity_kwh;
    /// Maximum charging power of the vehicle; above 0.
    decimal max_power_kw;
};

/// The vehicle is ready on these days at that local time, charged to at least that level.
struct schedule_entry {
    /// By std::chrono::weekday::c_encoding(), Sunday first; at least one is set.
    std::array<bool, 7> weekdays{};
    /// Since local midnight.
    std::chrono::minutes ready_by{0};
    /// Percent of the battery, 0 to 100.
    decimal minimum_charge_target;
};

/// The rule by which the sessions of some contracts at one location are managed.
struct policy {
    std::string id;
    time_zone timezone;
    policy_location location;
    std::vector<ci_string> contract_ids;
    managed::vehicle vehicle;
    /// Percent of the battery, 0 to 100, charged at once at any price.
    decimal battery_reserve;
    std::vector<schedule_entry> schedule;
};

/// The session is at that location.
bool is_at(const policy_location& place, const sessions::session& fields);

/// The session has one of the policy's contracts and is at its location.
bool covers(const policy& rule, const sessions::session& fields);

}  // namespace ocpi::managed
