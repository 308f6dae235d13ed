#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/write_batch.hpp"

#include <vector>

namespace ocpi::crud::postgres {

/// Appends the statements that bring list_total and record_total to what the transaction leaves.
/// They run after its places were allotted.
void add_counter_statements(const write_plan& plan, std::vector<command>& into);

}  // namespace ocpi::crud::postgres
