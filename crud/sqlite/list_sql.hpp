#pragma once

#include "crud/crud.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The SQL of lists. Its shape depends on what a query asks for, never on its values.
namespace ocpi::crud::sqlite {

class query;

/// As SQLite counts: what is beyond its numbers is its greatest.
std::int64_t clamped(std::uint64_t value);

std::string count_sql(const list_query& wanted);

/// The records of a page by their places in the store, in the order in which the page fills, chosen
/// within the indexes without a look at a document. Parameters beside the condition: limit and
/// offset.
std::string places_sql(const list_query& wanted);

/// The parameters of the condition, with which both statements begin.
void bind_condition(query& into, std::string_view module, const list_query& wanted);

}  // namespace ocpi::crud::sqlite
