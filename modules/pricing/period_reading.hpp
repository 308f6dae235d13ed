#pragma once

#include "modules/pricing/moment.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/pricing/rounding_slack.hpp"
#include "modules/sessions/session.hpp"

#include <chrono>
#include <optional>

namespace ocpi::pricing {

/// What a charging period says, sorted out [cdrs, CdrDimensionType].
struct period_reading {
    /// Volumes; nothing: not sent. In kWh and hours.
    std::optional<decimal> energy;
    std::optional<decimal> time;
    std::optional<decimal> parking_time;
    std::optional<decimal> reservation_time;
    rounding_slack time_slack;
    rounding_slack parking_slack;
    rounding_slack reservation_slack;
    measured current;
    measured power;
    /// False when a volume that a price depends on cannot be reckoned with: there is no price then.
    bool is_reckonable = true;

    /// True when something other than a reservation took place.
    bool has_charging() const;
    bool has_reservation() const { return reservation_time && !reservation_time->is_zero(); }
};

/// Sorts out the dimensions of a period and notes those that count for nothing. ENERGY_IMPORT is
/// the energy of a period without ENERGY; volumes of one type add up.
period_reading read_period(const sessions::charging_period& period, note_list& notes);

/// The time that a period tells of, charging, parking and reservation together; 0 when it tells
/// none, or more than ten years.
std::chrono::milliseconds told_length(const period_reading& reading);

}  // namespace ocpi::pricing
