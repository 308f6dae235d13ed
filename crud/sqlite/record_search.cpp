#include "crud/sqlite/record_search.hpp"

#include "crud/page_bound.hpp"
#include "crud/search.hpp"
#include "crud/sqlite/candidates.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/search_schema.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

constexpr std::size_t places_at_a_time = 1'000;

/// A record in the order of a search.
struct found_place {
    search_place place;
    std::int64_t sequence = 0;
};

using found_places = std::vector<found_place>;

/// In the order in which the page fills.
void sort(found_places& places, bool is_upwards)
{
    std::sort(places.begin(), places.end(), [is_upwards](const auto& a, const auto& b) {
        return is_upwards ? a.place < b.place : a.place > b.place;
    });
}

/// What a record is judged by: all but its JSON. False when it is not there, of another module, or
/// without the text.
bool read_head(database& connection, std::string_view module, std::int64_t sequence,
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

/// The bounds of one category, both exclusive. No record has an empty secondary key.
struct place_range {
    std::string category;
    search_place above;
    search_place below;
};

search_place at_instant(std::optional<date_time> instant, std::int64_t otherwise)
{
    search_place place;
    place.last_updated = instant ? *instant : date_time::from_milliseconds(otherwise);
    return place;
}

std::vector<place_range> place_ranges(const std::vector<category_range>& ranges)
{
    std::vector<place_range> made;
    for (const auto& each : ranges) {
        place_range range;
        range.category = each.category;
        range.above = at_instant(each.from, std::numeric_limits<std::int64_t>::min());
        range.below = at_instant(each.to, std::numeric_limits<std::int64_t>::max());
        made.push_back(std::move(range));
    }
    return made;
}

/// The places of some categories, in the order of a search. It reads some at a time, so that other
/// statements can be used between them.
class walk {
public:
    walk(database& connection, std::string_view module, std::vector<place_range> ranges,
         bool is_upwards)
        : connection_(connection),
          module_(module),
          ranges_(std::move(ranges)),
          is_upwards_(is_upwards)
    {
    }

    /// Those after the ones before; fewer than `limit` at the end.
    found_places next(std::size_t limit)
    {
        found_places found;
        if (ranges_.empty()) return found;
        {
            query reading(connection_, sql());
            for (const auto& range : ranges_) bind(reading, range);
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

    void go_on_from(const search_place& place)
    {
        for (auto& range : ranges_) {
            if (is_upwards_) {
                range.above = std::max(range.above, place);
            } else {
                range.below = std::min(range.below, place);
            }
        }
    }

private:
    /// Each part is in the order of the index, so that SQLite merges them without sorting.
    std::string sql() const
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

    void bind(query& reading, const place_range& range) const
    {
        reading.bind(module_).bind(range.category);
        for (const auto* bound : {&range.above, &range.below}) {
            reading.bind(bound->last_updated.milliseconds()).bind(bound->secondary_key);
        }
    }

    database& connection_;
    std::string_view module_;
    std::vector<place_range> ranges_;
    bool is_upwards_;
};

/// What a search has found before its records are read.
struct outcome {
    found_places matching;
    /// Up to there the store was searched, if it was not searched to the end.
    std::optional<search_place> searched_to;
};

outcome judge_candidates(database& connection, std::string_view module, const search_query& wanted,
                         const std::vector<std::int64_t>& candidates)
{
    outcome found;
    document head;
    for (const auto sequence : candidates) {
        if (!read_head(connection, module, sequence, wanted.text, head)) continue;
        if (!wanted.matches(head, head.last_updated)) continue;
        found_place each;
        each.place = place_of(head);
        each.sequence = sequence;
        const bool is_within = (!wanted.after || each.place < *wanted.after) &&
                               (!wanted.before || each.place > *wanted.before);
        if (is_within) found.matching.push_back(std::move(each));
    }
    sort(found.matching, wanted.before.has_value());
    return found;
}

/// `limit` matching records at most.
outcome walk_over(database& connection, std::string_view module, const search_query& wanted,
                  std::size_t limit)
{
    walk steps(connection, module, place_ranges(wanted.ranges), wanted.before.has_value());
    if (wanted.after) steps.go_on_from(*wanted.after);
    if (wanted.before) steps.go_on_from(*wanted.before);
    outcome found;
    const bool is_plain = wanted.text.empty() && !wanted.contracts;
    if (is_plain) {
        found.matching = steps.next(limit);
        return found;
    }
    document head;
    search_place searched_to;
    for (std::size_t walked = 0; walked < max_walked; walked += places_at_a_time) {
        auto places = steps.next(places_at_a_time);
        for (auto& each : places) {
            if (!read_head(connection, module, each.sequence, wanted.text, head)) continue;
            if (!wanted.matches(head, head.last_updated)) continue;
            found.matching.push_back(each);
            if (found.matching.size() == limit) return found;
        }
        if (places.size() < places_at_a_time) return found;
        searched_to = std::move(places.back().place);
    }
    found.searched_to = std::move(searched_to);
    return found;
}

/// The record of that place, unless it exceeds the bound.
std::optional<record> read_within(database& connection, std::int64_t sequence, byte_bound& bound)
{
    static const std::string select =
        "SELECT " + record_columns + " FROM record WHERE sequence = ?";
    query reading(connection, select);
    reading.bind(sequence);
    if (!reading.step() || !bound.admit(json_size(reading))) return std::nullopt;
    return read_record(reading);
}

void read_page(database& connection, outcome& found, const search_query& wanted, search_page& page)
{
    byte_bound bound(wanted.max_bytes);
    page.is_last_page = false;
    for (auto& each : found.matching) {
        if (page.records.size() == wanted.limit) return;
        auto stored = read_within(connection, each.sequence, bound);
        if (!stored) return;
        page.records.push_back(std::move(*stored));
        page.reached = std::move(each.place);
    }
    page.is_last_page = !found.searched_to;
    if (found.searched_to) page.reached = std::move(found.searched_to);
}

/// Adds up sums without their overflow.
class sums {
public:
    void add(const std::string& currency, std::int64_t count, std::int64_t kwh, std::int64_t cost)
    {
        auto& part = by_currency_[currency];
        part.count += count;
        part.kwh.add(kwh);
        part.cost.add(cost);
    }

    std::size_t count() const
    {
        std::size_t all = 0;
        for (const auto& [currency, from] : by_currency_) {
            all += static_cast<std::size_t>(from.count);
        }
        return all;
    }

    totals finish() const
    {
        totals made;
        for (const auto& [currency, from] : by_currency_) {
            if (from.count == 0) continue;
            totals::part part;
            part.currency = currency;
            part.count = static_cast<std::uint64_t>(from.count);
            part.kwh = from.kwh.value();
            part.cost = from.cost.value();
            made.parts.push_back(std::move(part));
        }
        return made;
    }

private:
    struct wide {
        static constexpr std::int64_t unit = 1'000'000'000;
        std::int64_t units = 0;
        std::int64_t rest = 0;

        void add(std::int64_t number)
        {
            units += number / unit;
            rest += number % unit;
        }
        decimal value() const
        {
            return *decimal::parse(std::to_string(units) + "e3") + from_millionths(rest);
        }
    };
    struct entry {
        std::int64_t count = 0;
        wide kwh;
        wide cost;
    };
    std::map<std::string, entry> by_currency_;
};

/// The sums of whole slots.
void add_slots(database& connection, std::string_view module, const std::string& category,
               total_level level, std::int64_t from, std::int64_t to, sums& into)
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
    range_sum(database& connection, std::string_view module, sums& into)
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
    std::string_view module_;
    sums& into_;
};

bool is_on_slots(const category_range& range, total_level level)
{
    const auto is_start = [level](const std::optional<date_time>& instant) {
        return !instant || start_of_slot(slot_of(*instant, level), level) == *instant;
    };
    return is_start(range.from) && is_start(range.to);
}

void add_head(const document& head, sums& into)
{
    into.add(head.summary->currency, 1, head.summary->kwh.value_or(0),
             head.summary->cost.value_or(0));
}

using sequence_list = std::vector<std::int64_t>;

/// False when there are too many records to look at.
bool add_one_by_one(database& connection, std::string_view module, const totals_query& wanted,
                    sums& into, sequence_list& matching)
{
    document head;
    const auto judge = [&](std::int64_t sequence) {
        if (!read_head(connection, module, sequence, wanted.text, head)) return;
        if (!wanted.matches(head, instant_of(head, wanted))) return;
        add_head(head, into);
        if (matching.size() <= wanted.max_records) matching.push_back(sequence);
    };
    if (const auto candidates = find_candidates(connection, module, wanted, max_candidates)) {
        for (const auto sequence : *candidates) judge(sequence);
        return true;
    }
    auto ranges = wanted.ranges;
    if (wanted.by_start) {
        for (auto& each : ranges) each.from = each.to = std::nullopt;
    }
    walk steps(connection, module, place_ranges(ranges), false);
    const auto places = steps.next(max_walked + 1);
    if (places.size() > max_walked) return false;
    for (const auto& each : places) judge(each.sequence);
    return true;
}

bool add_by_slots(database& connection, std::string_view module, const totals_query& wanted,
                  sums& into)
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

/// The records of the ranges of last_updated, which are `count`.
sequence_list find_in_ranges(database& connection, std::string_view module,
                             const totals_query& wanted, std::size_t count)
{
    sequence_list found;
    if (count > wanted.max_records || wanted.by_start) return found;
    for (const auto& each :
         walk(connection, module, place_ranges(wanted.ranges), false).next(count)) {
        found.push_back(each.sequence);
    }
    return found;
}

void add_records(database& connection, const sequence_list& matching, const totals_query& wanted,
                 totals& into)
{
    std::uint64_t count = 0;
    for (const auto& part : into.parts) count += part.count;
    if (count > wanted.max_records || matching.size() != count) return;
    byte_bound bound(wanted.max_bytes);
    std::vector<record> records;
    for (const auto sequence : matching) {
        auto stored = read_within(connection, sequence, bound);
        if (!stored) return;
        records.push_back(std::move(*stored));
    }
    into.records = std::move(records);
}

bool is_summed_by_slots(const totals_query& wanted)
{
    if (!wanted.text.empty() || wanted.contracts) return false;
    return !wanted.by_start ||
           std::all_of(wanted.ranges.begin(), wanted.ranges.end(), [](const category_range& each) {
               return is_on_slots(each, total_level::quarter_hour_of_start);
           });
}

}  // namespace

result<search_page> search_records(database& connection, std::string_view module,
                                   search_query query)
{
    search_page page;
    if (query.contracts && query.contracts->empty()) return page;
    const auto limit = static_cast<std::size_t>(
        std::min<std::uint64_t>(query.limit, std::numeric_limits<std::int32_t>::max()) + 1);
    transaction moment(connection, transaction::kind::read);
    const auto candidates = find_candidates(connection, module, query, max_candidates);
    auto found = candidates ? judge_candidates(connection, module, query, *candidates)
                            : walk_over(connection, module, query, limit);
    read_page(connection, found, query, page);
    moment.commit();
    if (query.before) std::reverse(page.records.begin(), page.records.end());
    return page;
}

result<std::optional<totals>> sum_records(database& connection, std::string_view module,
                                          totals_query query)
{
    std::optional<totals> answer;
    sums made;
    sequence_list matching;
    transaction moment(connection, transaction::kind::read);
    const bool is_by_slots = is_summed_by_slots(query);
    const bool is_none = query.contracts && query.contracts->empty();
    const bool is_done =
        is_none || (is_by_slots ? add_by_slots(connection, module, query, made)
                                : add_one_by_one(connection, module, query, made, matching));
    if (is_done) answer = made.finish();
    if (is_done && is_by_slots) {
        matching = find_in_ranges(connection, module, query, made.count());
    }
    if (is_done) add_records(connection, matching, query, *answer);
    moment.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
