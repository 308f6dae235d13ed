#pragma once

#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::metering {

/// Up to an instant that much was delivered.
struct reported_point {
    date_time at;
    boost::multiprecision::cpp_int amount;

    reported_point(date_time instant, boost::multiprecision::cpp_int delivered)
        : at(instant), amount(std::move(delivered))
    {
    }
};

/// What a CPO has reported of a session's energy over time, from the best source there is.
struct reported_energy {
    /// In kWh × 10^-places, from 0 at plug-in. Instants ascend, amounts do not descend. They may
    /// lie outside the session. None when nothing was reported.
    std::vector<reported_point> points;
    unsigned places = 0;
    /// Up to when the energy was reported; nothing: not at all.
    std::optional<date_time> known_until;
    /// What was odd: sentences for people.
    std::vector<std::string> notes;
};

/// The sources, best first:
/// - the meter's register, of which a reading counts from the first one, and from plug-in when the
///   last one is session.kwh itself. It takes two readings to tell anything;
/// - the charging periods' ENERGY, or else ENERGY_IMPORT, spread over each period, without those
///   that were sent again (find_replaced). The last one ends at end_date_time, else at
///   last_updated, or at `until` when it begins no earlier. They count as Wh when they add up to
///   1000 × kwh within 1 %;
/// - kwh, from `start` to end_date_time, else to last_updated.
/// What steps back or is negative counts as nothing delivered; but a register that steps back has
/// begun anew where kwh is as much as all its steps forward.
/// `kwh` is the session's, not negative, or nothing when it is not known.
reported_energy read_reported_energy(const sessions::session_data& seen, date_time start,
                                     date_time until, const std::optional<decimal>& kwh);

}  // namespace ocpi::metering
