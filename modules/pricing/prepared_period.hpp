#pragma once

#include "modules/pricing/note_list.hpp"
#include "modules/pricing/period_reading.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/pricing/tariff_choice.hpp"

#include <chrono>
#include <vector>

namespace ocpi::pricing {

/// A charging period with all inputs of its price.
struct prepared_period {
    /// From priced_session::periods; nullptr: the session has none yet.
    const sessions::charging_period* sent = nullptr;
    /// nullptr: not priced.
    const tariffs::tariff* tariff = nullptr;
    date_time start;
    period_reading reading;
};

/// The periods of a session in order of time; for a session without periods one at its start, if
/// known.
std::vector<prepared_period> prepare(const priced_session& session, const tariff_choice& choice,
                                     note_list& notes);

/// The session was reserved and never used.
bool is_expired(const priced_session& session, const std::vector<prepared_period>& periods);

/// True if all volumes that a price depends on can be calculated with.
bool are_reckonable(const std::vector<prepared_period>& periods);

}  // namespace ocpi::pricing
