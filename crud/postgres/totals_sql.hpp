#pragma once

#include "crud/postgres/search_sql.hpp"
#include "crud/totals_plan.hpp"

#include <cstdint>
#include <string>

/// The statements of totals. The first ones return rows of a part, how many records it has looked
/// at (0 for slots, which are not bounded), a currency or NULL, count, energy and cost as texts.
namespace ocpi::crud::postgres {

/// Of whole slots, and of the records beside them, max_walked + 1 of each rest at most.
command sum_by_slots(const std::string& module, const totals_plan& plan);

/// Which records are looked at one by one.
enum class examined { candidates, ranges };

/// Sums those of them that match.
command sum_one_by_one(const std::string& module, const totals_query& query, examined which);

/// `limit` of those that match, as page_sql() returns them, in any order. For ranges of
/// last_updated.
command page_of_summed(const std::string& module, const totals_query& query, examined which,
                       std::uint64_t limit);

}  // namespace ocpi::crud::postgres
