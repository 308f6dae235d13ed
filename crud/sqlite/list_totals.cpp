#include "crud/sqlite/list_totals.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/totals_plan.hpp"

#include <algorithm>
#include <optional>

namespace ocpi::crud::sqlite {
namespace {

constexpr auto day_level = total_level::day_of_update;

/// Rows of the table are that much dearer to look at than entries of an index.
constexpr std::uint64_t row_cost = 4;

/// So many are sooner passed over by the page itself than by statements of their own.
constexpr std::uint64_t few_records = 64;

/// The days on which any record of the module was updated last.
slot_range days_of_module(database& connection, std::int64_t module)
{
    query reading(connection,
                  "SELECT (SELECT min(slot) FROM list_total WHERE module = ?1 AND level = ?2), "
                  "(SELECT max(slot) FROM list_total WHERE module = ?1 AND level = ?2)");
    reading.bind(module).bind(static_cast<std::int64_t>(list_level::day_of_update));
    if (!reading.step() || reading.is_null(0)) return {0, 0};
    return {reading.integer(0), reading.integer(1) + 1};
}

/// The sum of a level, of all slots or of some.
std::uint64_t sum_slots(database& connection, const selection& wanted, list_level level,
                        std::optional<slot_range> slots)
{
    if (slots && slots->is_empty()) return 0;
    std::string sql =
        "SELECT coalesce(sum(count), 0) FROM list_total WHERE module = ? AND level = ?";
    if (slots) sql += " AND slot >= ? AND slot < ?";
    query reading(connection, sql + parties_condition(wanted));
    reading.bind(wanted.module).bind(static_cast<std::int64_t>(level));
    if (slots) reading.bind(slots->from).bind(slots->to);
    bind_parties(reading, wanted);
    reading.step();
    return static_cast<std::uint64_t>(reading.integer(0));
}

std::uint64_t count_rows(database& connection, const selection& wanted)
{
    query counting(connection, count_sql(wanted));
    bind_condition(counting, wanted);
    counting.step();
    return static_cast<std::uint64_t>(counting.integer(0));
}

std::uint64_t count_between(database& connection, const selection& wanted, instant_range range)
{
    auto part = wanted;
    part.date_from = range.from;
    part.date_to = range.to;
    part.is_read_by_date = true;
    return count_rows(connection, part);
}

/// Of a list that is bounded by dates on one side at least.
std::uint64_t count_by_days(database& connection, const selection& wanted, slot_range days)
{
    instant_range range;
    range.from = wanted.date_from.value_or(start_of_slot(days.from, day_level));
    range.to = wanted.date_to.value_or(start_of_slot(days.to, day_level));
    const auto plan = split_into_days(range);
    auto count = sum_slots(connection, wanted, list_level::day_of_update, plan.days);
    for (const auto& rest : plan.rests) count += count_between(connection, wanted, rest);
    return count;
}

/// Passes over whole blocks of the records that come before the page, from `from_sequence` on.
/// Returns how many records there are in the block in which the page begins.
std::uint64_t skip_blocks(database& connection, selection& wanted, list_level level,
                          std::int64_t size)
{
    query reading(connection,
                  "SELECT slot, sum(count) FROM list_total WHERE module = ? AND level = ? AND slot "
                  ">= ?" +
                      parties_condition(wanted) + " GROUP BY slot ORDER BY slot");
    reading.bind(wanted.module).bind(static_cast<std::int64_t>(level));
    reading.bind(wanted.from_sequence.value_or(0) / size);
    bind_parties(reading, wanted);
    while (reading.step()) {
        const auto count = static_cast<std::uint64_t>(reading.integer(1));
        wanted.from_sequence = reading.integer(0) * size;
        if (wanted.offset < count) return count;
        wanted.offset -= count;
    }
    return 0;
}

/// The page begins at record `offset` of the block at `from_sequence`, in which so many match.
/// Finds its place from that end of the block to which it is nearer. Where all records of the block
/// match, no row of them is looked at.
void skip_within_block(database& connection, selection& wanted, std::uint64_t count)
{
    if (wanted.offset >= count || wanted.offset <= few_records) return;
    auto within = wanted;
    const auto block = *wanted.from_sequence / block_size;
    selection all;
    all.module = wanted.module;
    if (sum_slots(connection, all, list_level::block, slot_range{block, block + 1}) == count) {
        within = all;
        within.from_sequence = wanted.from_sequence;
    }
    const auto behind = count - 1 - wanted.offset;
    if (behind < wanted.offset) within.before_sequence = (block + 1) * block_size;
    query finding(connection, places_sql(within));
    bind_condition(finding, within);
    finding.bind(std::int64_t{1}).bind(clamped(std::min(behind, wanted.offset)));
    if (!finding.step()) return;
    wanted.from_sequence = finding.integer(0);
    wanted.offset = 0;
}

}  // namespace

std::uint64_t count_list(database& connection, selection& wanted)
{
    if (wanted.contracts) return count_rows(connection, wanted);
    const auto days = days_of_module(connection, wanted.module);
    if (days.is_empty()) return 0;
    if (wanted.date_from <= start_of_slot(days.from, day_level)) wanted.date_from.reset();
    if (wanted.date_to >= start_of_slot(days.to, day_level)) wanted.date_to.reset();
    if (!wanted.date_from && !wanted.date_to) {
        return sum_slots(connection, wanted, list_level::all, std::nullopt);
    }
    return count_by_days(connection, wanted, days);
}

void choose_course(database& connection, selection& wanted, std::uint64_t total)
{
    if (wanted.contracts || total == 0) return;
    if (!wanted.date_from && !wanted.date_to) {
        skip_blocks(connection, wanted, list_level::wide_block, wide_block_size);
        const auto count = skip_blocks(connection, wanted, list_level::block, block_size);
        skip_within_block(connection, wanted, count);
        return;
    }
    const auto of_module = [&] {
        selection all;
        all.module = wanted.module;
        return sum_slots(connection, all, list_level::all, std::nullopt);
    }();
    // Both are in entries of an index: read in order until the page is full, or all by date and
    // sorted.
    const auto records = wanted.offset + std::min(wanted.limit, total);
    const auto in_order = static_cast<double>(records) * static_cast<double>(of_module) /
                          static_cast<double>(total) * static_cast<double>(row_cost);
    wanted.is_read_by_date = in_order >= static_cast<double>(total);
}

}  // namespace ocpi::crud::sqlite
