#include "crud/postgres/list_sql.hpp"

#include "crud/totals_plan.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

constexpr auto day_level = total_level::day_of_update;
/// Slots of days begin with 0; behind this one, in the year 25,000, there is no record.
constexpr std::int64_t end_of_days = 10'000'000;

/// So many are sooner passed over than found by blocks.
constexpr std::uint64_t few_records = 256;

std::string level_of(list_level level)
{
    return std::to_string(static_cast<int>(level));
}

/// `(SELECT … FROM list_total …)`
std::string sum_of_level(const std::string& module, list_level level, const std::string& others)
{
    return "(SELECT coalesce(sum(count), 0)::bigint FROM list_total WHERE module = " + module +
           " AND level = " + level_of(level) + others + ')';
}

days_plan plan_days(const folded_filter& filter)
{
    instant_range range;
    range.from = filter.date_from.value_or(start_of_slot(0, day_level));
    range.to = filter.date_to.value_or(start_of_slot(end_of_days, day_level));
    auto plan = split_into_days(range);
    plan.rests.resize(2);  // an empty range finds no record
    return plan;
}

std::string count_of_rest(statement_builder& made, const std::string& module,
                          const instant_range& range, const std::string& parties)
{
    return "(SELECT count(*) FROM record WHERE module = " + module +
           " AND last_updated >= " + made.add(range.from.milliseconds()) + " AND last_updated < " +
           made.add(range.to.milliseconds()) + parties + ')';
}

/// The CTE of that name: the last slot of a level before which there are no more records than
/// `offset`, and how many there are. `outer`: the same of the wider level around it; empty: none.
std::string slot_before(const std::string& name, list_level level, const std::string& outer,
                        const std::string& module, const std::string& parties,
                        const std::string& offset)
{
    constexpr auto blocks_in_wide = wide_block_size / block_size;
    std::string from = "FROM list_total";
    std::string within;
    std::string before = "sum(sum(count)) OVER (ORDER BY slot) - sum(count)";
    if (!outer.empty()) {
        const auto factor = std::to_string(blocks_in_wide);
        const auto slot = "(SELECT slot FROM " + outer + ')';
        within =
            " AND slot >= " + slot + " * " + factor + " AND slot < (" + slot + " + 1) * " + factor;
        before += " + (SELECT before FROM " + outer + ')';
    }
    return name + " AS (SELECT slot, before FROM (SELECT slot, (" + before +
           ")::bigint AS before " + from + " WHERE module = " + module +
           " AND level = " + level_of(level) + within + parties +
           " GROUP BY slot) AS summed WHERE before <= " + offset + " ORDER BY slot DESC LIMIT 1)";
}

struct page_bounds {
    std::string limit;
    std::string offset;
    std::string max_bytes;

    page_bounds(statement_builder& made, const list_query& query)
        : limit(made.add(clamped(query.limit))),
          offset(made.add(clamped(query.offset))),
          max_bytes(made.add(clamped(query.max_bytes)))
    {
    }
};

std::string limited(const page_bounds& bounds, const std::string& offset)
{
    return " ORDER BY sequence LIMIT " + bounds.limit + " OFFSET " + offset;
}

/// From the first record on.
command page_of_first(const std::string& module_name, const list_query& query)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const page_bounds bounds(made, query);
    const auto source =
        "SELECT * FROM record WHERE module = " + module + limited(bounds, bounds.offset);
    return made.finish(page_sql(source, "sequence", bounds.max_bytes));
}

/// The first record of the page is found in an index alone if no party is asked for, and if the
/// visibility map covers what it passes over.
command page_by_blocks(const std::string& module_name, const folded_filter& filter,
                       const list_query& query)
{
    const bool is_of_all = !filter.owners && !filter.emsps && filter.not_owned_by.empty();
    if (is_of_all && query.offset < few_records) return page_of_first(module_name, query);
    statement_builder made;
    const auto module = made.add(module_name);
    const page_bounds bounds(made, query);
    const auto summed = parties_condition(made, filter, party_lookup::by_index);
    const auto tested = parties_condition(made, filter, party_lookup::by_row);
    const auto of_module = " FROM record WHERE module = " + module + tested + " AND sequence >= ";
    const auto blocks =
        slot_before("wide_block", list_level::wide_block, "", module, summed, bounds.offset) +
        ", " + slot_before("block", list_level::block, "wide_block", module, summed, bounds.offset);
    const auto first = "SELECT sequence" + of_module + "(SELECT slot * " +
                       std::to_string(block_size) +
                       " FROM block) ORDER BY sequence LIMIT 1 OFFSET (SELECT " + bounds.offset +
                       " - before FROM block)";
    const auto source = "SELECT *" + of_module + "(SELECT sequence FROM first)" +
                        " ORDER BY sequence LIMIT " + bounds.limit;
    return made.finish("WITH " + blocks + ", first AS (" + first + ") " +
                       page_sql(source, "sequence", bounds.max_bytes));
}

command page_by_creation(const std::string& module_name, const folded_filter& filter,
                         const list_query& query)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const page_bounds bounds(made, query);
    // The sum keeps the index of dates out of it.
    std::string dates;
    if (filter.date_from) {
        dates += " AND last_updated + 0 >= " + made.add(filter.date_from->milliseconds());
    }
    if (filter.date_to) {
        dates += " AND last_updated + 0 < " + made.add(filter.date_to->milliseconds());
    }
    const auto source = "SELECT * FROM record WHERE module = " + module + dates +
                        parties_condition(made, filter, party_lookup::by_row) +
                        limited(bounds, bounds.offset);
    return made.finish(page_sql(source, "sequence", bounds.max_bytes));
}

/// By the index of contracts, or else of dates.
command page_of_sorted(const std::string& module_name, const folded_filter& filter,
                       const list_query& query)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const page_bounds bounds(made, query);
    const auto found =
        "SELECT sequence FROM record WHERE module = " + module + filter_condition(made, filter);
    const auto source = "SELECT record.* FROM (SELECT sequence FROM found" +
                        limited(bounds, bounds.offset) +
                        ") AS places JOIN record ON record.module = " + module +
                        " AND record.sequence = places.sequence ORDER BY record.sequence";
    return made.finish("WITH found AS MATERIALIZED (" + found + ") " +
                       page_sql(source, "sequence", bounds.max_bytes));
}

}  // namespace

command count_all(const std::string& module_name, const folded_filter& filter)
{
    statement_builder made;
    const auto module = made.add(module_name);
    const auto parties = parties_condition(made, filter, party_lookup::by_index);
    return made.finish("SELECT " + sum_of_level(module, list_level::all, parties));
}

command count_contracts(const std::string& module_name, const folded_filter& filter)
{
    statement_builder made;
    const auto module = made.add(module_name);
    return made.finish("SELECT count(*) FROM record WHERE module = " + module +
                       filter_condition(made, filter));
}

command count_by_days(const std::string& module_name, const folded_filter& filter)
{
    const auto plan = plan_days(filter);
    statement_builder made;
    const auto module = made.add(module_name);
    const auto summed = parties_condition(made, filter, party_lookup::by_index);
    const auto tested = parties_condition(made, filter, party_lookup::by_row);
    const auto days =
        " AND slot >= " + made.add(plan.days.from) + " AND slot < " + made.add(plan.days.to);
    const auto sum_of_days = sum_of_level(module, list_level::day_of_update, days + summed);
    const auto rests = count_of_rest(made, module, plan.rests[0], tested) + " + " +
                       count_of_rest(made, module, plan.rests[1], tested);
    return made.finish("SELECT " + sum_of_days + " + " + rests + ", " +
                       sum_of_level(module, list_level::all, summed) + ", " +
                       sum_of_level(module, list_level::all, ""));
}

command list_page(const std::string& module, const folded_filter& filter, const list_query& query,
                  list_course course)
{
    switch (course) {
        case list_course::by_blocks: return page_by_blocks(module, filter, query);
        case list_course::by_creation: return page_by_creation(module, filter, query);
        case list_course::by_date:
        case list_course::by_contract: break;
    }
    return page_of_sorted(module, filter, query);
}

list_course choose_course(const list_query& query, std::uint64_t total, std::uint64_t of_module)
{
    const auto records = std::min(query.offset, total) + std::min(query.limit, total);
    const auto in_order = static_cast<double>(records) * static_cast<double>(of_module) /
                          static_cast<double>(std::max<std::uint64_t>(total, 1));
    return in_order >= static_cast<double>(total) ? list_course::by_date : list_course::by_creation;
}

}  // namespace ocpi::crud::postgres
