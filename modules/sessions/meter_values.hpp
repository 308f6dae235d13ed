#pragma once

#include "modules/sessions/meter_series.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::sessions {

/// The extension `meter_value` of a Session: a list of {timestamp, sampled_value}, in the words and
/// with the defaults of OCPP's SampledValue, so Wh where no unit is named. OCPP 2.0.1's
/// `unit_of_measure` {unit, multiplier} counts as `unit` does. meter_series.hpp tells how one
/// series is made of the samples of several phases and places.
struct meter_values {
    /// At least one element was sent that is well-formed.
    bool are_sent = false;
    /// Energy.Active.Import.Register in kWh: instants ascend, values may step back. Without the
    /// readings that no EVSE can have made (placeholder_readings.hpp).
    std::vector<meter_reading> registers;
    /// SoC in percent, by time.
    std::vector<meter_reading> levels;
    /// The latest Power.Active.Import in kW.
    std::optional<meter_reading> power;
    /// When the latest sample of context Transaction.End was taken.
    std::optional<date_time> ended_at;
};

/// Reads the extension from a Session's document. What is malformed in it counts as not sent, and
/// takes nothing else with it: the sender could not take it back by PATCH. A number too large or
/// too fine to reckon with is left out. All that is noted.
meter_values read_meter_values(const json::document& stored, std::vector<std::string>& notes);

}  // namespace ocpi::sessions
