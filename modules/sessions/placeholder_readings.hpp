#pragma once

#include "modules/sessions/meter_series.hpp"
#include "ocpi/base/decimal.hpp"

#include <string>
#include <vector>

namespace ocpi::sessions {

/// The power in kW that no EVSE exceeds whose maximum is not known.
const decimal& max_power_of_any_evse();

/// True when a register cannot have made that step: its mean power is more than `max_kw`. A second
/// more is granted to the clocks of meters.
bool is_beyond(const decimal& max_kw, const meter_reading& from, const meter_reading& to);

/// Leaves out the readings that stand for a register that was not read: those before a step that
/// no EVSE of `max_kw` can have made, and a single one beyond such a step that the next reading
/// takes back. Notes how many. `registers` ascend in time, one for each instant.
void drop_placeholders(std::vector<meter_reading>& registers, const decimal& max_kw,
                       std::vector<std::string>& notes);

}  // namespace ocpi::sessions
