#pragma once

#include "modules/sessions/meter_values.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::sessions {

/// Parsed contents of a stored Session: its fields, and the well-formed parts of the known
/// extensions (docs/sessions.md). Every number fits max_rational_places on either side of its point
/// (decimal::fits); others are treated as absent.
struct session_data {
    session fields;
    meter_values meter;
    /// Percent of the battery at plug-in and at the end.
    std::optional<decimal> soc_start;
    std::optional<decimal> soc_end;
    std::optional<decimal> odometer;
    /// kwh was sent, and does not fit max_rational_places.
    bool has_unfit_kwh = false;
    /// The final reading is missing and its timeout has passed.
    bool is_taken_as_final = false;
    /// Unused parts with the reason, as sentences for people.
    std::vector<std::string> notes;
};

/// Parses a stored Session; never fails.
session_data parse_stored(const json::document& stored);

/// True for ACTIVE and COMPLETED: the vehicle is or was plugged in.
bool has_begun(const session_data& seen) noexcept;

/// True until the Session is COMPLETED or INVALID.
bool is_live(const session_data& seen) noexcept;

/// True once the last reading has been received: a sample of context Transaction.End, or, without
/// meter values, COMPLETED with an end_date_time; and when it was taken as final.
bool is_final(const session_data& seen) noexcept;

/// COMPLETED without its last reading.
bool awaits_final_reading(const session_data& seen) noexcept;

/// Marks a session that is COMPLETED with an end_date_time as final without its final reading, and
/// notes that. No effect on any other.
void take_as_final(session_data& seen);

}  // namespace ocpi::sessions
