#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/component_total.hpp"
#include "modules/pricing/note_list.hpp"

#include <vector>

namespace ocpi::pricing {

/// Computes the totals, dimensions and taxes of a breakdown from its component totals.
void add_up(breakdown& priced, const std::vector<component_total>& totals, note_list& notes);

}  // namespace ocpi::pricing
