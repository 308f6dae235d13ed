#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// True when a session of status `from` may become `to` [sessions, SessionStatus]: a status never
/// goes back.
bool may_become(session_status from, session_status to) noexcept;

/// Judges the step from a stored Session to the one that would replace it. errc::invalid when the
/// status would go back, when a COMPLETED session would change more than what completes it (meter
/// values, charging periods, total_cost, end_date_time, kwh not lower) or lose any of what is set,
/// and when an INVALID session would change at all. Of a COMPLETED session the members that OCPI
/// does not document, `meter_value` aside, are not judged; and null is as good as absent.
result<void> check_step(session_status stored_status, json::value stored, session_status new_status,
                        json::value candidate);

}  // namespace ocpi::sessions
