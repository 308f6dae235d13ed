#pragma once

#include "modules/pricing/note_list.hpp"
#include "modules/pricing/pricing_state.hpp"
#include "modules/pricing/rounding_slack.hpp"
#include "modules/sessions/session.hpp"

#include <chrono>
#include <optional>

namespace ocpi::pricing {

/// Parsed dimensions of a charging period [cdrs, CdrDimensionType].
struct period_reading {
    /// Volumes in kWh and hours; std::nullopt: not sent.
    std::optional<decimal> energy;
    std::optional<decimal> time;
    std::optional<decimal> parking_time;
    std::optional<decimal> reservation_time;
    rounding_slack time_slack;
    rounding_slack parking_slack;
    rounding_slack reservation_slack;
    quantity_range current;
    quantity_range power;
    /// False when a volume that a price depends on is too large or precise to calculate with: then
    /// there is no price.
    bool is_reckonable = true;

    /// True if anything other than a reservation took place.
    bool has_charging() const;
    bool has_reservation() const { return reservation_time && !reservation_time->is_zero(); }
};

/// Parses the dimensions of a period into an empty reading and notes unused ones. ENERGY_IMPORT is
/// the energy of a period without ENERGY; volumes of one type add up.
void read_period(const sessions::charging_period& period, note_list& notes,
                 period_reading& reading);

/// Length of charging, parking and reservation reported by a period; 0 when none, or more than ten
/// years.
std::chrono::milliseconds stated_length(const period_reading& reading);

}  // namespace ocpi::pricing
