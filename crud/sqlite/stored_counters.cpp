#include "crud/sqlite/stored_counters.hpp"

#include "crud/sqlite/statement.hpp"

#include <cstdint>
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

void save_sums(const numbered_counter_changes& changes, database& connection)
{
    for (const auto& [key, change] : changes.of_sums()) {
        if (change.is_zero()) continue;
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

void save_lists(const numbered_counter_changes& changes, database& connection)
{
    for (const auto& [key, change] : changes.of_lists()) {
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

}  // namespace

void save(const numbered_counter_changes& changes, database& connection)
{
    save_sums(changes, connection);
    save_lists(changes, connection);
}

}  // namespace ocpi::crud::sqlite
