#pragma once

#include "crud/postgres/filter_sql.hpp"

#include <string>

/// The statements of lists that are not counted. Each chooses one record more than the page may
/// hold.
namespace ocpi::crud::postgres {

/// In the order in which the page fills: upwards if the range goes upwards.
command sorted_page_statement(const std::string& module, const folded_filter& filter,
                              const sorted_query& query);

command changes_page_statement(const std::string& module, const folded_filter& filter,
                               const changes_query& query);

/// The limit and one more.
std::int64_t one_more_than(std::uint64_t limit) noexcept;

}  // namespace ocpi::crud::postgres
