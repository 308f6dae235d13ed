#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// True if a session may change from status `from` to `to` [sessions, SessionStatus]: a status
/// never goes back.
bool may_become(session_status from, session_status to) noexcept;

/// Checks the change from a stored Session to its replacement. errc::invalid when the status would
/// go back, when a COMPLETED session would change more than what completes it (meter values,
/// charging periods, total_cost, end_date_time, kwh not lower) or lose a set member, and when an
/// INVALID session would change at all. In a COMPLETED session members that OCPI does not document,
/// except `meter_value`, are not checked; null equals absent.
result<void> check_step(session_status stored_status, json::value stored, session_status new_status,
                        json::value candidate);

}  // namespace ocpi::sessions
