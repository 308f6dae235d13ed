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

/// Energy delivered up to an instant.
struct reported_point {
    date_time at;
    boost::multiprecision::cpp_int amount;

    reported_point(date_time instant, boost::multiprecision::cpp_int delivered)
        : at(instant), amount(std::move(delivered))
    {
    }
};

/// A session's energy over time as reported by the CPO, from the best source available.
struct reported_energy {
    /// In kWh × 10^-places, from 0 at plug-in. Instants ascend, amounts do not descend. Points may
    /// lie outside the session. Empty without reports.
    std::vector<reported_point> points;
    unsigned places = 0;
    /// Time up to which energy was reported; std::nullopt: not at all.
    std::optional<date_time> known_until;
    /// Irregularities, as sentences for people.
    std::vector<std::string> notes;
};

/// The sources, best first:
/// - the meter's register, counted from its first reading, or from plug-in if the last reading
///   equals session.kwh. It needs two readings;
/// - the charging periods' ENERGY, or else ENERGY_IMPORT, spread over each period, without replaced
///   periods (find_replaced). The last one ends at end_date_time, else at last_updated, or at
///   `until` when it begins no earlier. They are Wh when they add up to 1000 × kwh within 1 %;
/// - kwh, from `start` to end_date_time, else to last_updated.
///
/// Decreasing or negative values add no energy; but a register that decreases has restarted if kwh
/// equals the sum of its increases. `kwh` is the session's, not negative, or std::nullopt when
/// unknown.
reported_energy read_reported_energy(const sessions::session_data& seen, date_time start,
                                     date_time until, const std::optional<decimal>& kwh);

}  // namespace ocpi::metering
