#pragma once

#include "crud/leases.hpp"
#include "crud/postgres/connection.hpp"
#include "crud/postgres/rows.hpp"

#include <chrono>
#include <string>
#include <vector>

/// The operations of crud::leases in SQL, one statement each, by the database's clock.
namespace ocpi::crud::postgres {

command claim_statement(const std::string& holder, const std::vector<std::string>& names,
                        std::chrono::milliseconds life);
std::vector<held_lease> read_claimed(const rows& returned);

command release_statement(const std::string& holder, const std::vector<held_lease>& held);

command list_leases_statement();
std::vector<lease_entry> read_leases(const rows& returned);

}  // namespace ocpi::crud::postgres
