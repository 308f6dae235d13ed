#pragma once

#include "modules/sessions/meter_series.hpp"
#include "ocpi/base/decimal.hpp"

#include <string>
#include <vector>

namespace ocpi::sessions {

/// Maximum power in kW assumed for EVSEs of unknown maximum.
const decimal& max_power_of_any_evse();

/// True if the step between two readings is impossible: its mean power exceeds `max_kw`. Meter
/// clocks get one second of tolerance.
bool is_beyond(const decimal& max_kw, const meter_reading& from, const meter_reading& to);

/// Drops readings that stand for a register that was not read: those before a step impossible at
/// `max_kw`, and a single one beyond such a step that the next reading reverts. Notes how many.
/// `registers` ascend in time, one for each instant.
void drop_placeholders(std::vector<meter_reading>& registers, const decimal& max_kw,
                       std::vector<std::string>& notes);

}  // namespace ocpi::sessions
