#pragma once

#include "crud/crud.hpp"

#include <optional>
#include <string_view>

/// Searches and their sums, as in records.hpp. What they cost is bounded, whatever the store holds
/// (docs/architecture.md):
/// - a page without text and contracts is read from record_by_category, sums from record_total;
/// - of contracts, or of a text that few records have, all records are looked at;
/// - else the records of the ranges are looked at in the order of the search, so many at most.
namespace ocpi::crud::sqlite {

class database;

/// How many records one search looks at. More of a contract or with a text are too many to be
/// sorted, more within the ranges too many to be walked over.
inline constexpr std::size_t max_candidates = 15'000;
inline constexpr std::size_t max_walked = 10'000;

result<search_page> search_records(database& connection, std::string_view module,
                                   search_query query);
result<std::optional<totals>> sum_records(database& connection, std::string_view module,
                                          totals_query query);

}  // namespace ocpi::crud::sqlite
