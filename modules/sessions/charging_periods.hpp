#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/field_reader.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// Reads the member `charging_periods` of a Session or a CDR [cdrs, ChargingPeriod], in the order
/// sent. OCPI requires `dimensions` of each, and one at least; who reads what was accepted before
/// need not.
std::vector<charging_period> read_charging_periods(json::object_reader& in,
                                                   json::presence dimensions);

/// The sum of the volumes of one type; std::nullopt when the period has none. Only for volumes that
/// fit max_rational_places.
std::optional<decimal> volume_of(const charging_period& period, std::string_view type);

/// What a period tells of its energy, in kWh: ENERGY, else ENERGY_IMPORT; std::nullopt when it has
/// neither. Only for volumes that fit max_rational_places.
std::optional<decimal> energy_of(const charging_period& period);

/// Which of the periods do not count because they were sent again further back in the list, as by a
/// CPO that tells of a period while it lasts: with the same start, not for another tariff, and with
/// every energy and time of it, none of them less. As long as the list; empty when all count.
std::vector<bool> find_replaced(const std::vector<charging_period>& periods);

/// The sentence for people about periods that were replaced.
inline constexpr std::string_view replaced_periods_note =
    "charging_periods: a period that was sent again with the same start counts once, as it was "
    "sent last";

}  // namespace ocpi::sessions
