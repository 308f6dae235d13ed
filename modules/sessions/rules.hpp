#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// True when a session of status `from` may become `to` [sessions, SessionStatus]: a status never
/// goes back.
bool may_become(session_status from, session_status to) noexcept;

/// Judges the step from a stored Session to the one that would replace it. errc::invalid when the
/// status would go back, when a COMPLETED session would take more than what completes it (meter
/// values, charging periods, total_cost, end_date_time, kwh not lower, soc_end) or lose any of
/// it, and when an INVALID session would change at all.
result<void> check_step(session_status stored_status, json::value stored, session_status new_status,
                        json::value candidate);

/// errc::invalid with the advice to resynchronise.
error stale(date_time sent, date_time stored);

}  // namespace ocpi::sessions
