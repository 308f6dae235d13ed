#include "crud/sqlite/counter_changes.hpp"

#include "crud/sqlite/statement.hpp"

#include <limits>
#include <string_view>

namespace ocpi::crud::sqlite {
namespace {

/// A sum that does not fit an integer stays at its end; SQLite would make it floating.
constexpr std::string_view add_sums =
    "INSERT INTO record_total (module, level, category, slot, currency, count, kwh, cost) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count, "
    "kwh = CAST(kwh + excluded.kwh AS INTEGER), cost = CAST(cost + excluded.cost AS INTEGER)";

constexpr std::string_view delete_empty_sums =
    "DELETE FROM record_total WHERE module = ? AND level = ? AND category = ? AND slot = ? AND "
    "currency = ? AND count = 0";

constexpr std::string_view add_count =
    "INSERT INTO list_total (module, level, slot, owner, emsp, count) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET count = count + excluded.count";

constexpr std::string_view delete_empty_count =
    "DELETE FROM list_total WHERE module = ? AND level = ? AND slot = ? AND owner = ? AND emsp = "
    "? AND count = 0";

std::int64_t number_of(auto level)
{
    return static_cast<std::int64_t>(level);
}

/// `sum` + `sign` * `number`, at the end of the range if it is beyond.
std::int64_t bounded_sum(std::int64_t sum, std::int64_t number, int sign)
{
    std::int64_t result = 0;
    const bool overflows = sign > 0 ? __builtin_add_overflow(sum, number, &result)
                                    : __builtin_sub_overflow(sum, number, &result);
    if (!overflows) return result;
    const bool is_up = (number > 0) == (sign > 0);
    return is_up ? std::numeric_limits<std::int64_t>::max()
                 : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

void counter_changes::count(const counted_record& record, int sign)
{
    const auto add = [&](list_level level, std::int64_t slot) {
        lists_[{record.module, level, slot, record.owner, record.emsp}] += sign;
    };
    add(list_level::all, 0);
    add(list_level::day_of_update, slot_of(record.last_updated, total_level::day_of_update));
    add(list_level::wide_block, record.sequence / wide_block_size);
    add(list_level::block, record.sequence / block_size);
    if (record.summary) count_summary(record, sign);
}

void counter_changes::count_summary(const counted_record& record, int sign)
{
    const auto& summary = *record.summary;
    const auto add = [&](total_level level, date_time instant) {
        auto& into = sums_[{record.module, level, summary.category, slot_of(instant, level),
                            summary.currency}];
        into.count += sign;
        into.kwh = bounded_sum(into.kwh, summary.kwh.value_or(0), sign);
        into.cost = bounded_sum(into.cost, summary.cost.value_or(0), sign);
    };
    add(total_level::quarter_hour_of_update, record.last_updated);
    add(total_level::day_of_update, record.last_updated);
    if (summary.started_at) add(total_level::quarter_hour_of_start, *summary.started_at);
}

void counter_changes::save(database& connection) const
{
    save_sums(connection);
    save_lists(connection);
}

void counter_changes::save_sums(database& connection) const
{
    for (const auto& [key, change] : sums_) {
        if (change.count == 0 && change.kwh == 0 && change.cost == 0) continue;
        const auto& [module, level, category, slot, currency] = key;
        {
            query adding(connection, add_sums);
            adding.bind(module).bind(number_of(level)).bind_in_place(category).bind(slot);
            adding.bind_in_place(currency);
            adding.bind(change.count).bind(change.kwh).bind(change.cost).step();
        }
        if (change.count >= 0) continue;
        query deleting(connection, delete_empty_sums);
        deleting.bind(module).bind(number_of(level)).bind_in_place(category).bind(slot);
        deleting.bind_in_place(currency).step();
    }
}

void counter_changes::save_lists(database& connection) const
{
    for (const auto& [key, change] : lists_) {
        if (change == 0) continue;
        const auto& [module, level, slot, owner, emsp] = key;
        {
            query adding(connection, add_count);
            adding.bind(module).bind(number_of(level)).bind(slot).bind(owner).bind(emsp);
            adding.bind(change).step();
        }
        if (change > 0) continue;
        query deleting(connection, delete_empty_count);
        deleting.bind(module).bind(number_of(level)).bind(slot).bind(owner).bind(emsp).step();
    }
}

}  // namespace ocpi::crud::sqlite
