#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/component_total.hpp"
#include "modules/pricing/note_list.hpp"

#include <vector>

namespace ocpi::pricing {

/// Rounds billable volumes up to full steps [cdrs, step_size] of the last period's tariff: energy,
/// then parking time or, if none is billed, charging time, then reservation time; each once per
/// session by the step of its last component, to which the excess is charged in `totals` and
/// `periods`. A total that exceeds full steps only by the rounding of its hours, which is noted, or
/// by floating-point noise is rounded down: the last items lose the rest.
void apply_steps(std::vector<priced_period>& periods, std::vector<component_total>& totals,
                 note_list& notes);

}  // namespace ocpi::pricing
