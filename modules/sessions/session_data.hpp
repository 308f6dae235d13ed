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

/// All that a stored Session says of how it went: its fields, and of the extensions that are known
/// (docs/sessions.md) those that are well-formed. Every number in it fits max_rational_places on
/// either side of its point (decimal::fits); one that does not counts as not sent.
struct session_data {
    session fields;
    meter_values meter;
    /// Percent of the battery at plug-in and at the end.
    std::optional<decimal> soc_start;
    std::optional<decimal> soc_end;
    std::optional<decimal> odometer;
    /// kwh was sent, and is such a number that does not fit.
    bool has_unfit_kwh = false;
    /// The final reading has not come, and is waited for no longer.
    bool is_taken_as_final = false;
    /// What was not used, and why: sentences for people.
    std::vector<std::string> notes;
};

/// Reads a Session that was accepted before; never fails.
session_data parse_stored(const json::document& stored);

/// True until the Session is COMPLETED or INVALID.
bool is_live(const session_data& seen) noexcept;

/// True once the last reading has been received: a sample of context Transaction.End, or, when the
/// CPO sends no meter values, COMPLETED with an end_date_time; and when it was taken as final.
bool is_final(const session_data& seen) noexcept;

/// COMPLETED, and the last reading has not been received.
bool awaits_final_reading(const session_data& seen) noexcept;

/// Waits no longer for the final reading of a session that is COMPLETED with an end_date_time, and
/// notes that. One that is final stays as it is, and so does any other.
void take_as_final(session_data& seen);

}  // namespace ocpi::sessions
