#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/field_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// Reads the member `charging_periods` of a Session or a CDR [cdrs, ChargingPeriod], in the order
/// sent. OCPI requires at least one of `dimensions` in each; for stored documents that is optional.
std::vector<charging_period> read_charging_periods(json::object_reader& in,
                                                   json::presence dimensions);

/// The sum of the volumes of one type; std::nullopt when the period has none. Only for volumes that
/// fit max_rational_places.
std::optional<decimal> volume_of(const charging_period& period, std::string_view type);

/// Energy of a period in kWh: ENERGY, else ENERGY_IMPORT; std::nullopt when it has neither. Only
/// for volumes that fit max_rational_places.
std::optional<decimal> energy_of(const charging_period& period);

/// Marks periods replaced by a later element of the list, as sent by a CPO that reports a period
/// while it lasts: same start, no different tariff, and every energy and time of the earlier one,
/// none lower. As long as the list; empty when none is replaced.
std::vector<bool> find_replaced(const std::vector<charging_period>& periods);

/// The note on replaced periods.
inline constexpr std::string_view replaced_periods_note =
    "charging_periods: a period that was sent again with the same start counts once, as it was "
    "sent last";

}  // namespace ocpi::sessions
