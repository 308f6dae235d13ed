#pragma once

#include "crud/sqlite/list_sql.hpp"

#include <cstdint>

namespace ocpi::crud::sqlite {

class database;

/// The exact number of records that match, from list_total where it is kept: without contracts, for
/// whole days. What is beside these is counted in the index of dates. Bounds of dates beyond which
/// there is no record are removed from `wanted`.
std::uint64_t count_list(database& connection, selection& wanted);

/// Decides how the page is read, of a list of `total` records in the order of creation: passes over
/// blocks of records in place of single ones, and chooses between the order of creation and the
/// index of dates.
void choose_course(database& connection, selection& wanted, std::uint64_t total);

}  // namespace ocpi::crud::sqlite
