#include "crud/sqlite/slot_totals.hpp"

#include "crud/sqlite/record_search.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/total_sums.hpp"

#include <cstddef>
#include <cstdint>

namespace ocpi::crud::sqlite {
namespace {

void add_slots(database& connection, std::int64_t module, const summed_slots& part,
               total_sums& into)
{
    query reading(connection,
                  "SELECT currency, count, kwh, cost FROM record_total WHERE module = ? AND level "
                  "= ? AND category = ? AND slot >= ? AND slot < ?");
    reading.bind(module).bind(static_cast<std::int64_t>(part.level)).bind(part.category);
    reading.bind(part.slots.from).bind(part.slots.to);
    while (reading.step()) {
        into.add(reading.text(0), reading.integer(1), reading.integer(2), reading.integer(3));
    }
}

/// False when there are too many.
bool add_records(database& connection, std::int64_t module, const summed_records& part,
                 total_sums& into)
{
    query reading(connection,
                  "SELECT currency, kwh, cost FROM record INDEXED BY record_by_category WHERE "
                  "module = ? AND category = ? AND last_updated >= ? AND last_updated < ? "
                  "LIMIT ?");
    reading.bind(module).bind(part.category);
    reading.bind(part.range.from.milliseconds()).bind(part.range.to.milliseconds());
    reading.bind(static_cast<std::int64_t>(max_walked + 1));
    std::size_t count = 0;
    while (reading.step()) {
        if (++count > max_walked) return false;
        into.add(reading.text(0), 1, reading.integer(1), reading.integer(2));
    }
    return true;
}

}  // namespace

bool add_by_slots(database& connection, std::int64_t module, const totals_plan& plan,
                  total_sums& into)
{
    for (const auto& part : plan.slots) add_slots(connection, module, part, into);
    for (const auto& part : plan.rests) {
        if (!add_records(connection, module, part, into)) return false;
    }
    return true;
}

}  // namespace ocpi::crud::sqlite
