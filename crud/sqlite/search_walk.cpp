#include "crud/sqlite/search_walk.hpp"

#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/statement.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace ocpi::crud::sqlite {
namespace {

search_place at_instant(std::optional<date_time> instant, std::int64_t otherwise)
{
    search_place place;
    place.last_updated = instant ? *instant : date_time::from_milliseconds(otherwise);
    return place;
}

}  // namespace

bool read_head(database& connection, std::int64_t module, std::int64_t sequence,
               const std::string& text, document& head)
{
    query reading(connection,
                  "SELECT last_updated, secondary_key, contract, category, started_at, kwh, cost, "
                  "currency, search_text FROM record WHERE sequence = ? AND module = ? AND "
                  "instr(search_text, ?) > 0");
    reading.bind(sequence).bind(module).bind_in_place(text);
    if (!reading.step()) return false;
    head.last_updated = date_time::from_milliseconds(reading.integer(0));
    head.secondary_key = reading.text(1);
    head.contract.reset();
    if (!reading.is_null(2)) head.contract = ci_string(reading.text(2));
    head.summary = read_summary(reading, 3);
    return true;
}

search_walk::search_walk(database& connection, std::int64_t module,
                         const std::vector<category_range>& ranges, bool is_upwards)
    : connection_(connection), module_(module), is_upwards_(is_upwards)
{
    for (const auto& each : ranges) {
        auto& range = ranges_.emplace_back();
        range.category = each.category;
        range.above = at_instant(each.from, std::numeric_limits<std::int64_t>::min());
        range.below = at_instant(each.to, std::numeric_limits<std::int64_t>::max());
    }
}

found_places search_walk::next(std::size_t limit)
{
    found_places found;
    if (ranges_.empty()) return found;
    {
        query reading(connection_, sql());
        for (const auto& range : ranges_) {
            reading.bind(module_).bind(range.category);
            for (const auto* bound : {&range.above, &range.below}) {
                reading.bind(bound->last_updated.milliseconds()).bind(bound->secondary_key);
            }
        }
        reading.bind(static_cast<std::int64_t>(limit));
        while (reading.step()) {
            auto& each = found.emplace_back();
            each.sequence = reading.integer(0);
            each.place.last_updated = date_time::from_milliseconds(reading.integer(1));
            each.place.secondary_key = reading.text(2);
        }
    }
    if (!found.empty()) go_on_from(found.back().place);
    return found;
}

void search_walk::go_on_from(const search_place& place)
{
    for (auto& range : ranges_) {
        if (is_upwards_) {
            range.above = std::max(range.above, place);
        } else {
            range.below = std::min(range.below, place);
        }
    }
}

/// Each part is in the order of the index, so that SQLite merges them without sorting.
std::string search_walk::sql() const
{
    const std::string order = is_upwards_ ? " ORDER BY last_updated, secondary_key"
                                          : " ORDER BY last_updated DESC, secondary_key DESC";
    std::string text;
    for (std::size_t i = 0; i < ranges_.size(); ++i) {
        if (i > 0) text += " UNION ALL ";
        text +=
            "SELECT sequence, last_updated, secondary_key FROM record INDEXED BY "
            "record_by_category WHERE module = ? AND category = ? AND "
            "(last_updated, secondary_key) > (?, ?) AND (last_updated, secondary_key) < (?, ?)";
    }
    return text + order + " LIMIT ?";
}

}  // namespace ocpi::crud::sqlite
