#pragma once

#include "crud/totals_plan.hpp"

#include <cstdint>

/// Totals from record_total, which is kept by slots of time (crud/total_slots.hpp).
namespace ocpi::crud {

class total_sums;

namespace sqlite {

class database;

/// Adds up what the plan names. False when there are too many records beside the slots of a range.
bool add_by_slots(database& connection, std::int64_t module, const totals_plan& plan,
                  total_sums& into);

}  // namespace sqlite
}  // namespace ocpi::crud
