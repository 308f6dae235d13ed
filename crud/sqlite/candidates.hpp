#pragma once

#include "crud/crud.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Finds the few records that a search is about by the indexes of contracts and of texts.
namespace ocpi::crud::sqlite {

class database;

/// Records (record.sequence) among which are all those of the contracts that have the text, and
/// perhaps others; std::nullopt when neither is asked for, or when there are more than `max` or no
/// telling.
std::optional<std::vector<std::int64_t>> find_candidates(database& connection, std::int64_t module,
                                                         const search_filter& filter,
                                                         std::size_t max);

/// Each sequence of three characters of a text in UTF-8, once.
std::vector<std::string> trigrams_of(std::string_view text);

}  // namespace ocpi::crud::sqlite
