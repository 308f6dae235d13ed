#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/price_curve.hpp"
#include "modules/managed/reading.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

/// How a managed session moves on in time. Pure: what is remembered, what the OCPI Session says
/// and an instant go in; what is to be remembered comes out.
namespace ocpi::managed {

/// Makes up for the quarter-hours that have passed since the last plan, up to now, as if each had
/// been kept. After a standstill of more than a day, for those of the last day.
void advance(managed_session& session, const sessions::session_data& seen,
             const price_curve& prices, date_time now);

/// Something has changed: ends an override that is reached, makes a plan and judges where it leads
/// to. A session that is over gets no plan; it is judged by what it has come to.
void replan(managed_session& session, const sessions::session_data& seen, const price_curve& prices,
            date_time now);

/// Ends the override if its level was reached by the end of that reading. True when it did.
bool end_reached_override(managed_session& session, const charging_history& reading);

}  // namespace ocpi::managed
