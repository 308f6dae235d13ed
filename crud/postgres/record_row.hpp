#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/rows.hpp"

#include <string>

namespace ocpi::crud::postgres {

/// The columns of a record but its JSON, in the order in which read_record() takes them.
extern const char* const head_columns;

/// Where a query of `head_columns, json` has the JSON, and where what it returns beside them
/// begins.
inline constexpr int json_column = 16;
inline constexpr int first_free_column = json_column + 1;

/// Of a row of `head_columns, json, …`.
record read_record(const rows& from, int row);

}  // namespace ocpi::crud::postgres
