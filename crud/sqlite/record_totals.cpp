// sum_records(): what the records of a search add up to, by slots or one by one.

#include "crud/page_bound.hpp"
#include "crud/search.hpp"
#include "crud/sqlite/candidates.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/record_search.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/search_walk.hpp"
#include "crud/sqlite/slot_totals.hpp"
#include "crud/sqlite/transaction.hpp"
#include "crud/total_sums.hpp"
#include "crud/totals_plan.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

void add_head(const document& head, total_sums& into)
{
    into.add(head.summary->currency, 1, head.summary->kwh.value_or(0),
             head.summary->cost.value_or(0));
}

using sequence_list = std::vector<std::int64_t>;

/// False when there are too many records to look at.
bool add_one_by_one(database& connection, std::int64_t module, const totals_query& wanted,
                    total_sums& into, sequence_list& matching)
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
    search_walk steps(connection, module, ranges, false);
    const auto places = steps.next(max_walked + 1);
    if (places.size() > max_walked) return false;
    for (const auto& each : places) judge(each.sequence);
    return true;
}

/// The records of the ranges of last_updated, which are `count`.
sequence_list find_in_ranges(database& connection, std::int64_t module, const totals_query& wanted,
                             std::size_t count)
{
    sequence_list found;
    if (count > wanted.max_records || wanted.by_start) return found;
    const auto places = search_walk(connection, module, wanted.ranges, false).next(count);
    for (const auto& each : places) found.push_back(each.sequence);
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
        auto stored = find_record_within(connection, sequence, bound);
        if (!stored) return;
        records.push_back(std::move(*stored));
    }
    into.records = std::move(records);
}

}  // namespace

result<std::optional<totals>> sum_records(database& connection, std::string_view module_name,
                                          totals_query query)
{
    std::optional<totals> answer;
    total_sums made;
    sequence_list matching;
    transaction snapshot(connection, transaction::kind::read);
    const auto module = connection.numbers().find_module(module_name);
    const bool is_by_slots = is_summed_by_slots(query);
    const bool is_none = query.contracts && query.contracts->empty();
    const bool is_done =
        is_none || (is_by_slots ? add_by_slots(connection, module, plan_totals(query), made)
                                : add_one_by_one(connection, module, query, made, matching));
    if (is_done) answer = made.finish();
    if (is_done && is_by_slots) {
        matching = find_in_ranges(connection, module, query, made.count());
    }
    if (is_done) add_records(connection, matching, query, *answer);
    snapshot.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
