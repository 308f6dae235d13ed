#pragma once

#include "crud/postgres/filter_sql.hpp"

#include <cstdint>
#include <string>

/// The statements of lists in the order of creation. The exact total comes from list_total where
/// it is kept: without contracts, for whole days; what is beside these is counted in the index of
/// dates. A deep page begins at its block of the order of creation.
namespace ocpi::crud::postgres {

/// Of a list without dates and contracts: one number.
command count_all(const std::string& module, const folded_filter& filter);

/// Of a list of contracts: one number.
command count_contracts(const std::string& module, const folded_filter& filter);

/// Of a list that dates bound: how many match, how many would without the dates, and how many
/// records the module has.
command count_by_days(const std::string& module, const folded_filter& filter);

/// How a page finds its records.
enum class list_course {
    /// In the order of creation, from the block on in which the page begins. For lists without
    /// dates and contracts.
    by_blocks,
    /// In the order of creation, testing each.
    by_creation,
    /// All of the dates, or of the contracts, which are sorted.
    by_date,
    by_contract,
};

command list_page(const std::string& module, const folded_filter& filter, const list_query& query,
                  list_course course);

/// For a list that dates bound, of which `total` match: the order of creation passes over records
/// until the page is full, the index of dates leads to all that match, and they are sorted.
list_course choose_course(const list_query& query, std::uint64_t total, std::uint64_t of_module);

}  // namespace ocpi::crud::postgres
