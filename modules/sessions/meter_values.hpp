#pragma once

#include "modules/sessions/meter_series.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::sessions {

/// The extension `meter_value` of a Session: a list of {timestamp, sampled_value} with the terms
/// and defaults of OCPP's SampledValue, so Wh without a unit. OCPP 2.0.1's `unit_of_measure` {unit,
/// multiplier} works like `unit`. meter_series.hpp combines the samples of several phases and
/// locations into one series.
struct meter_values {
    /// At least one well-formed element was sent.
    bool are_sent = false;
    /// Energy.Active.Import.Register in kWh: instants ascend, values may decrease. Without readings
    /// beyond the power of any EVSE (placeholder_readings.hpp).
    std::vector<meter_reading> registers;
    /// SoC in percent, by time.
    std::vector<meter_reading> levels;
    /// Power.Active.Import in kW, by time.
    std::vector<meter_reading> powers;
    /// The latest of them.
    std::optional<meter_reading> power;
    /// Time of the latest sample of context Transaction.End.
    std::optional<date_time> ended_at;
};

/// Reads the extension from a Session's document. Malformed parts are ignored and affect no others,
/// because the sender cannot correct them by PATCH. Numbers too large or too precise to calculate
/// with are left out. All of that is noted.
meter_values read_meter_values(const json::document& stored, std::vector<std::string>& notes);

/// Why meter values were read: OCPP's ReadingContext.
struct reading_context {
    date_time at;
    std::string context;
};

/// Of each well-formed element of the extension, in the order sent: `Transaction.Begin` or
/// `Transaction.End` if one of its samples says so, else what the first says. OCPP's default is
/// `Sample.Periodic`.
std::vector<reading_context> read_contexts(const json::document& stored);

}  // namespace ocpi::sessions
