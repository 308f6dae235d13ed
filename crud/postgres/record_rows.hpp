#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/record_copy.hpp"

#include <vector>

namespace ocpi::crud::postgres {

/// Inserts records with the numbers that they have: one statement.
command insert_stored_records(const std::vector<stored_record>& records);

/// Fills the empty tables list_total and record_total by what is in record.
std::vector<command> count_all_records();

}  // namespace ocpi::crud::postgres
