#include "crud/postgres/search_sql.hpp"

#include "crud/postgres/filter_sql.hpp"
#include "crud/postgres/text_value.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

search_place place_at(std::optional<date_time> instant, std::int64_t otherwise)
{
    search_place place;
    place.last_updated = instant ? *instant : date_time::from_milliseconds(otherwise);
    return place;
}

search_place as_text(search_place place)
{
    place.secondary_key = nearest_text(place.secondary_key);
    return place;
}

/// A row of the range: secondary keys are compared at its ends only. The bounds of last_updated
/// alone say it once more, since PostgreSQL estimates a comparison of rows too high.
std::string range_condition(statement_builder& into, const place_range& range)
{
    const auto above = into.add(range.above.last_updated.milliseconds());
    const auto below = into.add(range.below.last_updated.milliseconds());
    auto sql = "category = " + into.add(range.category) + " AND last_updated >= " + above +
               " AND last_updated <= " + below;
    sql += " AND (last_updated, secondary_key) > (" + above + ", " +
           into.add(range.above.secondary_key) + ')';
    return sql + " AND (last_updated, secondary_key) < (" + below + ", " +
           into.add(range.below.secondary_key) + ')';
}

/// Of the rows of record at the places of `chosen`, which the order puts in place.
std::string rows_at(const std::string& chosen, const std::string& module,
                    const std::string& columns)
{
    return "SELECT record.*, " + columns + " FROM (" + chosen +
           ") AS places JOIN record ON record.module = " + module +
           " AND record.sequence = places.sequence";
}

std::string order_of_rows(bool is_upwards)
{
    return is_upwards ? " ORDER BY record.last_updated, record.secondary_key"
                      : " ORDER BY record.last_updated DESC, record.secondary_key DESC";
}

std::string keys_of_order(bool is_upwards)
{
    return is_upwards ? "last_updated, secondary_key" : "last_updated DESC, secondary_key DESC";
}

/// Columns of every search beside the record, and what they are where all rows match.
constexpr const char* match_columns = ", is_match, place";
constexpr const char* always_matches = "true AS is_match, 0::bigint AS place";

}  // namespace

folded_search::folded_search(const search_filter& filter) : text(filter.text)
{
    using limits = std::numeric_limits<std::int64_t>;
    for (const auto& each : filter.ranges) {
        if (!is_text(each.category)) continue;
        auto& range = ranges.emplace_back();
        range.category = each.category;
        range.above = place_at(each.from, limits::min());
        range.below = place_at(each.to, limits::max());
    }
    if (filter.contracts) contracts = folded_contracts(*filter.contracts);
}

bool folded_search::matches_none() const noexcept
{
    return ranges.empty() || (contracts && contracts->empty());
}

void folded_search::go_on_behind(const search_place& place)
{
    const auto end = as_text(place);
    for (auto& range : ranges) range.below = std::min(range.below, end);
}

void folded_search::go_on_before(const search_place& place)
{
    const auto end = as_text(place);
    for (auto& range : ranges) range.above = std::max(range.above, end);
}

void folded_search::drop_bounds()
{
    using limits = std::numeric_limits<std::int64_t>;
    for (auto& range : ranges) {
        range.above = place_at(std::nullopt, limits::min());
        range.below = place_at(std::nullopt, limits::max());
    }
}

std::string match_condition(statement_builder& into, const folded_search& wanted)
{
    std::string sql = "true";
    // NULL is not a match.
    if (wanted.contracts) {
        sql = "coalesce(contract = ANY (" + into.add(*wanted.contracts) + "), false)";
    }
    if (!wanted.text.empty()) {
        sql += " AND position(" + into.add_bytes(wanted.text) + " IN search_text) > 0";
    }
    return sql;
}

std::string ranges_condition(statement_builder& into, const folded_search& wanted)
{
    std::string sql;
    for (const auto& each : wanted.ranges) {
        sql += (sql.empty() ? "(" : ") OR (") + range_condition(into, each);
    }
    return "secondary_key IS NOT NULL AND (" + sql + "))";
}

std::string walk_sql(statement_builder& into, const std::string& module,
                     const folded_search& wanted, const std::string& columns,
                     const walk_bounds& bounds)
{
    const auto first = order_of_search(bounds.is_upwards) + " LIMIT " + bounds.limit;
    std::string sql;
    for (const auto& each : wanted.ranges) {
        if (!sql.empty()) sql += " UNION ALL ";
        sql += "(SELECT " + columns + " FROM record WHERE module = " + module + " AND " +
               range_condition(into, each) + " AND secondary_key IS NOT NULL" + first + ')';
    }
    return "SELECT * FROM (" + sql + ") AS merged" + first;
}

std::string order_of_search(bool is_upwards)
{
    return " ORDER BY " + keys_of_order(is_upwards);
}

command count_candidates(const std::string& module_name, const folded_search& wanted)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto contracts = made.add(*wanted.contracts);
    return made.finish("SELECT count(*) FROM (SELECT FROM record WHERE module = " + module +
                       " AND contract = ANY (" + contracts + ") LIMIT " +
                       std::to_string(max_candidates + 1) + ") AS candidates");
}

command plain_search(const std::string& module_name, const folded_search& wanted,
                     const search_bounds& bounds)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto limit = made.add(bounds.limit);
    const auto max_bytes = made.add(bounds.max_bytes);
    const auto walk = walk_sql(made, module, wanted, "*", {bounds.is_upwards, limit});
    const auto source =
        std::string("SELECT *, ") + always_matches + " FROM (" + walk + ") AS walked";
    return made.finish(
        page_sql(source, keys_of_order(bounds.is_upwards), max_bytes, match_columns));
}

command search_among_candidates(const std::string& module_name, const folded_search& wanted,
                                const search_bounds& bounds)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto limit = made.add(bounds.limit);
    const auto max_bytes = made.add(bounds.max_bytes);
    const auto candidates =
        "SELECT sequence, category, last_updated, secondary_key, " + match_condition(made, wanted) +
        " AS is_match FROM record WHERE module = " + module + " AND contract = ANY (" +
        made.add(*wanted.contracts) + ") LIMIT " + std::to_string(max_candidates);
    const auto chosen = "SELECT sequence FROM candidates WHERE is_match AND " +
                        ranges_condition(made, wanted) + order_of_search(bounds.is_upwards) +
                        " LIMIT " + limit;
    const auto source = rows_at(chosen, module, always_matches) + order_of_rows(bounds.is_upwards);
    return made.finish(
        "WITH candidates AS MATERIALIZED (" + candidates + ") " +
        page_sql(source, keys_of_order(bounds.is_upwards), max_bytes, match_columns));
}

command search_by_walk(const std::string& module_name, const folded_search& wanted,
                       const search_bounds& bounds)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto limit = made.add(bounds.limit);
    const auto max_bytes = made.add(bounds.max_bytes);
    const auto order = order_of_search(bounds.is_upwards);
    const auto most = std::to_string(max_walked);
    const auto match = match_condition(made, wanted) + " AS is_match";
    const auto walk =
        walk_sql(made, module, wanted, "sequence, last_updated, secondary_key, " + match,
                 {bounds.is_upwards, most});
    // The last row that is looked at comes along, so that the next page begins behind it.
    const auto chosen = "SELECT sequence, is_match, place FROM (SELECT *, row_number() OVER (" +
                        order.substr(1) + ") AS place FROM (" + walk +
                        ") AS walked) AS numbered WHERE is_match OR place = " + most + order +
                        " LIMIT " + limit;
    const auto source =
        rows_at(chosen, module, "places.is_match, places.place") + order_of_rows(bounds.is_upwards);
    return made.finish(
        page_sql(source, keys_of_order(bounds.is_upwards), max_bytes, match_columns));
}

}  // namespace ocpi::crud::postgres
