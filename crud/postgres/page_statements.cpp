#include "crud/postgres/page_statements.hpp"

#include "crud/postgres/text_value.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// The records of so many contracts are sooner sorted by change than found among all changes.
constexpr std::size_t few_contracts = 16;

std::string range_condition(statement_builder& into, const sort_range& range)
{
    std::string sql = " AND sort_key IS NOT NULL";
    if (range.below) sql += " AND sort_key < " + into.add(nearest_text(*range.below));
    if (range.above) sql += " AND sort_key > " + into.add(nearest_text(*range.above));
    return sql;
}

std::string without_contracts(statement_builder& into, const folded_filter& filter)
{
    return dates_condition(into, filter) + parties_condition(into, filter, party_lookup::by_row);
}

}  // namespace

std::int64_t one_more_than(std::uint64_t limit) noexcept
{
    return std::min(clamped(limit), std::numeric_limits<std::int64_t>::max() - 1) + 1;
}

command sorted_page_statement(const std::string& module_name, const folded_filter& filter,
                              const sorted_query& query)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto limit = made.add(one_more_than(query.limit));
    const auto max_bytes = made.add(clamped(query.max_bytes));
    const std::string order = query.range.goes_upwards() ? "sort_key" : "sort_key DESC";
    const auto first = " ORDER BY " + order + " LIMIT " + limit;
    const auto condition =
        range_condition(made, query.range) + without_contracts(made, filter) + first;
    auto source = "SELECT * FROM record WHERE module = " + module;
    if (filter.contracts) {
        // So many of each contract, from the index that has them in order.
        source = "SELECT found.* FROM unnest(" + made.add(*filter.contracts) +
                 ") AS wanted (contract) CROSS JOIN LATERAL (" + source +
                 " AND contract = wanted.contract" + condition + ") AS found" + first;
    } else {
        source += condition;
    }
    return made.finish(page_sql(source, order, max_bytes));
}

command changes_page_statement(const std::string& module_name, const folded_filter& filter,
                               const changes_query& query)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto after = made.add(clamped(query.after));
    const auto limit = made.add(one_more_than(query.limit));
    const auto max_bytes = made.add(clamped(query.max_bytes));
    const auto first = " ORDER BY revision LIMIT " + limit;
    const bool is_of_few = filter.contracts && filter.contracts->size() <= few_contracts;
    const auto chosen = "module = " + module + " AND revision > " + after;
    if (!is_of_few) {
        const auto source =
            "SELECT * FROM record WHERE " + chosen + filter_condition(made, filter) + first;
        return made.finish(page_sql(source, "revision", max_bytes));
    }
    const auto of_contracts = "SELECT sequence, revision FROM record WHERE module = " + module +
                              " AND contract = ANY (" + made.add(*filter.contracts) + ')' +
                              without_contracts(made, filter);
    const auto source = "SELECT record.* FROM (SELECT sequence FROM found WHERE revision > " +
                        after + first + ") AS places JOIN record ON record.module = " + module +
                        " AND record.sequence = places.sequence ORDER BY record.revision";
    return made.finish("WITH found AS MATERIALIZED (" + of_contracts + ") " +
                       page_sql(source, "revision", max_bytes));
}

}  // namespace ocpi::crud::postgres
