#pragma once

#include "modules/managed/policy.hpp"
#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <optional>

namespace ocpi::managed {

/// One deadline of a policy's weekly schedule.
struct scheduled_target {
    date_time ready_by;
    /// Percent of the battery.
    decimal minimum_charge_target;

    friend bool operator==(const scheduled_target&, const scheduled_target&) = default;
};

/// The first deadline of the schedule after that instant, exclusive. A weekday may have several
/// entries; of entries for the same time the highest target wins. A local time skipped when clocks
/// are set forward gives the moment of the change; one that occurs twice gives the first.
/// std::nullopt for a schedule without weekdays.
std::optional<scheduled_target> next_scheduled(const policy& rule, date_time after);

/// Converts to a session's target with source POLICY.
target to_target(const scheduled_target& scheduled);

}  // namespace ocpi::managed
