#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/decimal.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// What stores share in searches and their sums.
namespace ocpi::crud {

/// The page of a search and the sums of all records that match, for stores that have no query
/// language.
search_page make_search_page(std::vector<const record*> matching, const search_query& query);
totals make_totals(const std::vector<const record*>& matching, const totals_query& query);

search_place place_of(const document& of);

/// The instant of a record that the ranges of such a query speak of.
std::optional<date_time> instant_of(const document& of, const totals_query& query);

/// The number in units of 10^-6, rounded half away from zero; std::nullopt when it is 10^9 or more
/// on either side of 0: sums of some thousands of them fit an integer.
std::optional<std::int64_t> to_millionths(const decimal& number);

decimal from_millionths(std::int64_t number);

}  // namespace ocpi::crud
