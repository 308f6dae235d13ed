#pragma once

#include "modules/managed/policy.hpp"
#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <optional>

namespace ocpi::managed {

/// One moment of a policy's weekly schedule.
struct scheduled_target {
    date_time ready_by;
    /// Percent of the battery.
    decimal minimum_charge_target;

    friend bool operator==(const scheduled_target&, const scheduled_target&) = default;
};

/// The first moment of the schedule after that instant, itself excluded. Every entry counts,
/// however many there are for one weekday; of those for one moment the one that asks for most.
/// Where clocks are set forward over the entry's time it is the moment at which they are set;
/// where they show it twice it is the first. Nothing for a schedule without weekdays.
std::optional<scheduled_target> next_scheduled(const policy& rule, date_time after);

/// As a session's target, with source POLICY.
target to_target(const scheduled_target& scheduled);

}  // namespace ocpi::managed
