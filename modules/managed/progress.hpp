#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/price_curve.hpp"
#include "modules/managed/reading.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

/// Progress of a managed session in time. Pure: takes the record, the OCPI Session and an instant;
/// updates the record.
namespace ocpi::managed {

/// Replays the quarter-hours since the last plan up to now, as if each had been planned in time.
/// After an interruption of more than a week, only those of the last week.
void advance(managed_session& session, const sessions::session_data& seen,
             const price_curve& prices, date_time now);

/// Call after a change: ends an override that is reached, makes a plan and estimates its result. A
/// session that is over gets no plan; its result is final.
void replan(managed_session& session, const sessions::session_data& seen, const price_curve& prices,
            date_time now);

/// Ends the override if its level was reached by the end of the history. True if it did.
bool end_reached_override(managed_session& session, const charging_history& reading);

}  // namespace ocpi::managed
