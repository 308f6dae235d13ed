#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/component_total.hpp"
#include "modules/pricing/note_list.hpp"

#include <vector>

namespace ocpi::pricing {

/// Fills the totals of a breakdown, its dimensions and taxes from what its tariffs are used for.
void add_up(breakdown& priced, const std::vector<component_total>& totals, note_list& notes);

}  // namespace ocpi::pricing
