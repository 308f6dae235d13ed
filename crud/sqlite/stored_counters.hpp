#pragma once

#include "crud/counter_changes.hpp"

#include <cstdint>

namespace ocpi::crud::sqlite {

class database;

// Modules and parties are numbers (names.hpp).
using numbered_record = counted_record<std::int64_t, std::int64_t>;
using numbered_counter_changes = counter_changes<std::int64_t, std::int64_t>;

/// Adds the changes to list_total and record_total, in the transaction of the writes.
void save(const numbered_counter_changes& changes, database& connection);

}  // namespace ocpi::crud::sqlite
