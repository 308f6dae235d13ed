#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/component_total.hpp"
#include "modules/pricing/note_list.hpp"

#include <vector>

namespace ocpi::pricing {

/// Rounds billable volumes up to full steps [cdrs, step_size], of the last period's tariff alone:
/// energy, then parking time or, where none is billed, charging time, then the time of a
/// reservation; each once over the session, by the step of its last component, which is charged
/// with the excess in `totals` and in `periods` alike. A total that is above full steps by no more
/// than the rounding of its hours, which is noted, or by a trace of binary floating point is these
/// full steps: the last items lose what is above.
void apply_steps(std::vector<priced_period>& periods, std::vector<component_total>& totals,
                 note_list& notes);

}  // namespace ocpi::pricing
