#pragma once

#include "modules/sessions/cost/moment.hpp"
#include "modules/sessions/cost/note_list.hpp"
#include "modules/sessions/session.hpp"

#include <optional>

namespace ocpi::sessions::cost {

/// What a charging period says, sorted out [cdrs, CdrDimensionType].
struct period_reading {
    /// Volumes; nothing: not sent. In kWh and hours.
    std::optional<decimal> energy;
    std::optional<decimal> time;
    std::optional<decimal> parking_time;
    std::optional<decimal> reservation_time;
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
period_reading read_period(const charging_period& period, note_list& notes);

}  // namespace ocpi::sessions::cost
