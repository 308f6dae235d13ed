#include "crud/postgres/totals_sql.hpp"

#include "crud/postgres/filter_sql.hpp"

#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
namespace {

constexpr const char* sums =
    "count(*)::bigint AS count, coalesce(sum(kwh), 0) AS kwh, coalesce(sum(cost), 0) AS cost";

/// A record without a currency has an empty one.
constexpr const char* summed_columns = "coalesce(currency, '') AS currency, kwh, cost";

std::string slots_sql(statement_builder& made, const std::string& module, const totals_plan& plan)
{
    std::vector<std::string> categories;
    std::vector<std::int64_t> levels;
    std::vector<std::int64_t> from;
    std::vector<std::int64_t> to;
    for (const auto& part : plan.slots) {
        categories.push_back(part.category);
        levels.push_back(static_cast<std::int64_t>(part.level));
        from.push_back(part.slots.from);
        to.push_back(part.slots.to);
    }
    auto sql =
        "SELECT 0::bigint AS part, 0::bigint AS examined, t.currency, sum(t.count)::bigint "
        "AS count, sum(t.kwh) AS kwh, sum(t.cost) AS cost FROM unnest(" +
        made.add(categories);
    sql += ", " + made.add(levels);
    sql += ", " + made.add(from);
    sql += ", " + made.add(to);
    return sql + ") AS p (category, level, first, behind) JOIN record_total AS t ON t.module = " +
           module +
           " AND t.category = p.category AND t.level = p.level AND t.slot >= p.first AND t.slot < "
           "p.behind GROUP BY t.currency";
}

std::string rests_sql(statement_builder& made, const std::string& module, const totals_plan& plan)
{
    std::vector<std::int64_t> numbers;
    std::vector<std::string> categories;
    std::vector<std::int64_t> from;
    std::vector<std::int64_t> to;
    for (const auto& part : plan.rests) {
        numbers.push_back(static_cast<std::int64_t>(numbers.size()) + 1);
        categories.push_back(part.category);
        from.push_back(part.range.from.milliseconds());
        to.push_back(part.range.to.milliseconds());
    }
    auto sql =
        "SELECT p.part, count(*)::bigint AS examined, r.currency, count(*)::bigint AS "
        "count, coalesce(sum(r.kwh), 0) AS kwh, coalesce(sum(r.cost), 0) AS cost FROM "
        "unnest(" +
        made.add(numbers);
    sql += ", " + made.add(categories);
    sql += ", " + made.add(from);
    sql += ", " + made.add(to);
    return sql + ") AS p (part, category, first, behind) CROSS JOIN LATERAL (SELECT " +
           summed_columns + " FROM record WHERE module = " + module +
           " AND category = p.category AND secondary_key IS NOT NULL AND last_updated >= p.first "
           "AND last_updated < p.behind LIMIT " +
           std::to_string(max_walked + 1) + ") AS r GROUP BY p.part, r.currency";
}

/// A row is within one of the ranges of started_at.
std::string starts_condition(statement_builder& made, const totals_query& query)
{
    std::string sql = "secondary_key IS NOT NULL AND started_at IS NOT NULL AND (false";
    for (const auto& range : query.ranges) {
        sql += " OR (category = " + made.add(range.category);
        if (range.from) sql += " AND started_at >= " + made.add(range.from->milliseconds());
        if (range.to) sql += " AND started_at < " + made.add(range.to->milliseconds());
        sql += ')';
    }
    return sql + ')';
}

/// `WITH examined AS …, matching AS …`: the records that are looked at, and the columns of those
/// that match.
std::string matching_sql(statement_builder& made, const std::string& module,
                         const totals_query& query, examined which)
{
    folded_search wanted(query);
    const auto in_ranges =
        query.by_start ? starts_condition(made, query) : ranges_condition(made, wanted);
    const auto columns = "sequence, category, last_updated, secondary_key, started_at, " +
                         std::string(summed_columns) + ", (" + match_condition(made, wanted) +
                         ") AS is_match";
    std::string source;
    if (which == examined::candidates) {
        source = "SELECT " + columns + " FROM record WHERE module = " + module +
                 " AND contract = ANY (" + made.add(*wanted.contracts) + ") LIMIT " +
                 std::to_string(max_candidates);
    } else {
        if (query.by_start) wanted.drop_bounds();
        source = walk_sql(made, module, wanted, columns, {false, std::to_string(max_walked + 1)});
    }
    return "WITH examined AS MATERIALIZED (" + source +
           "), matching AS (SELECT sequence, currency, kwh, cost FROM examined WHERE is_match "
           "AND " +
           in_ranges + ") ";
}

}  // namespace

command sum_by_slots(const std::string& module_name, const totals_plan& plan)
{
    statement_builder made;
    const auto module = made.add(module_name);
    auto sql = slots_sql(made, module, plan);
    if (!plan.rests.empty()) sql += " UNION ALL " + rests_sql(made, module, plan);
    return made.finish("SELECT part, examined, currency, count, kwh::text, cost::text FROM (" +
                       sql + ") AS parts");
}

command sum_one_by_one(const std::string& module_name, const totals_query& query, examined which)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto matching = matching_sql(made, module, query, which);
    return made.finish(matching +
                       "SELECT 1::bigint, l.count, s.currency, s.count, s.kwh::text, s.cost::text "
                       "FROM (SELECT count(*)::bigint AS count FROM examined) AS l LEFT JOIN "
                       "(SELECT currency, " +
                       sums + " FROM matching GROUP BY currency) AS s ON true");
}

command page_of_summed(const std::string& module_name, const totals_query& query, examined which,
                       std::uint64_t limit)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto most = made.add(clamped(limit));
    const auto max_bytes = made.add(clamped(query.max_bytes));
    const auto matching = matching_sql(made, module, query, which);
    const auto source = "SELECT record.* FROM (SELECT sequence FROM matching LIMIT " + most +
                        ") AS places JOIN record ON record.module = " + module +
                        " AND record.sequence = places.sequence ORDER BY record.sequence";
    return made.finish(matching + page_sql(source, "sequence", max_bytes));
}

}  // namespace ocpi::crud::postgres
