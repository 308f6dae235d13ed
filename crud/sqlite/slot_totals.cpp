#include "crud/sqlite/slot_totals.hpp"

#include "crud/sqlite/record_search.hpp"
#include "crud/sqlite/schema.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/total_sums.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace ocpi::crud::sqlite {
namespace {

/// The sums of whole slots.
void add_slots(database& connection, std::int64_t module, const std::string& category,
               total_level level, std::int64_t from, std::int64_t to, total_sums& into)
{
    if (from >= to) return;
    query reading(connection,
                  "SELECT currency, count, kwh, cost FROM record_total WHERE module = ? AND level "
                  "= ? AND category = ? AND slot >= ? AND slot < ?");
    reading.bind(module).bind(static_cast<std::int64_t>(level)).bind(category).bind(from).bind(to);
    while (reading.step()) {
        into.add(reading.text(0), reading.integer(1), reading.integer(2), reading.integer(3));
    }
}

/// The first slot that begins at that instant or later.
std::int64_t slot_from(date_time instant, total_level level)
{
    const auto slot = slot_of(instant, level);
    return start_of_slot(slot, level) < instant ? slot + 1 : slot;
}

constexpr std::int64_t first_slot = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t last_slot = std::numeric_limits<std::int64_t>::max();

/// The slots that are within the range.
struct slot_range {
    std::int64_t from = first_slot;
    std::int64_t to = last_slot;

    slot_range(const category_range& range, total_level level)
    {
        if (range.from) from = slot_from(*range.from, level);
        if (range.to) to = slot_of(*range.to, level);
    }
};

/// The sums of the records within the range of last_updated: of days, of the quarter-hours beside
/// them, and of the records beside these. False when the latter are too many.
class range_sum {
public:
    range_sum(database& connection, std::int64_t module, total_sums& into)
        : connection_(connection), module_(module), into_(into)
    {
    }

    bool add(const category_range& range)
    {
        constexpr auto quarter = total_level::quarter_hour_of_update;
        constexpr auto day = total_level::day_of_update;
        const slot_range quarters(range, quarter);
        if (quarters.from > quarters.to) return add_rows(range.category, range.from, range.to);
        const slot_range days(range, day);
        if (days.from < days.to) {
            add_slots(connection_, module_, range.category, day, days.from, days.to, into_);
            add_quarters(range, quarters.from, days.from);
            add_quarters_from(range, days.to, quarters.to);
        } else {
            add_slots(connection_, module_, range.category, quarter, quarters.from, quarters.to,
                      into_);
        }
        return (!range.from ||
                add_rows(range.category, range.from, start_of_slot(quarters.from, quarter))) &&
               (!range.to ||
                add_rows(range.category, start_of_slot(quarters.to, quarter), range.to));
    }

private:
    static std::int64_t quarter_of_day(std::int64_t day)
    {
        return slot_of(start_of_slot(day, total_level::day_of_update),
                       total_level::quarter_hour_of_update);
    }

    void add_quarters(const category_range& range, std::int64_t from, std::int64_t to_day)
    {
        if (!range.from) return;
        add_slots(connection_, module_, range.category, total_level::quarter_hour_of_update, from,
                  quarter_of_day(to_day), into_);
    }

    void add_quarters_from(const category_range& range, std::int64_t from_day, std::int64_t to)
    {
        if (!range.to) return;
        add_slots(connection_, module_, range.category, total_level::quarter_hour_of_update,
                  quarter_of_day(from_day), to, into_);
    }

    bool add_rows(const std::string& category, std::optional<date_time> from,
                  std::optional<date_time> to)
    {
        if (from >= to) return true;
        query reading(connection_,
                      "SELECT currency, kwh, cost FROM record INDEXED BY record_by_category WHERE "
                      "module = ? AND category = ? AND last_updated >= ? AND last_updated < ? "
                      "LIMIT ?");
        reading.bind(module_).bind(category);
        reading.bind(from->milliseconds()).bind(to->milliseconds());
        reading.bind(static_cast<std::int64_t>(max_walked + 1));
        std::size_t count = 0;
        while (reading.step()) {
            if (++count > max_walked) return false;
            into_.add(reading.text(0), 1, reading.integer(1), reading.integer(2));
        }
        return true;
    }

    database& connection_;
    std::int64_t module_;
    total_sums& into_;
};

bool is_on_slots(const category_range& range, total_level level)
{
    const auto is_start = [level](const std::optional<date_time>& instant) {
        return !instant || start_of_slot(slot_of(*instant, level), level) == *instant;
    };
    return is_start(range.from) && is_start(range.to);
}

}  // namespace

bool is_summed_by_slots(const totals_query& wanted)
{
    if (!wanted.text.empty() || wanted.contracts) return false;
    return !wanted.by_start ||
           std::all_of(wanted.ranges.begin(), wanted.ranges.end(), [](const category_range& each) {
               return is_on_slots(each, total_level::quarter_hour_of_start);
           });
}

bool add_by_slots(database& connection, std::int64_t module, const totals_query& wanted,
                  total_sums& into)
{
    range_sum by_update(connection, module, into);
    for (const auto& range : wanted.ranges) {
        if (!wanted.by_start) {
            if (!by_update.add(range)) return false;
            continue;
        }
        const slot_range slots(range, total_level::quarter_hour_of_start);
        add_slots(connection, module, range.category, total_level::quarter_hour_of_start,
                  slots.from, slots.to, into);
    }
    return true;
}

}  // namespace ocpi::crud::sqlite
