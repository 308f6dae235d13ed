#pragma once

#include "crud/crud.hpp"

#include <string_view>

/// Totals from record_total, which is kept by slots of time (schema.hpp).
namespace ocpi::crud::sqlite {

class database;
class total_sums;

/// Whether slots tell these totals: of no text and no contracts, and by start of whole slots only.
bool is_summed_by_slots(const totals_query& wanted);

/// False when there are too many records beside the slots of a range.
bool add_by_slots(database& connection, std::int64_t module, const totals_query& wanted,
                  total_sums& into);

}  // namespace ocpi::crud::sqlite
