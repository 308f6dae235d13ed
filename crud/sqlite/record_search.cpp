#include "crud/sqlite/record_search.hpp"

#include "crud/page_bound.hpp"
#include "crud/search.hpp"
#include "crud/sqlite/candidates.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/search_walk.hpp"
#include "crud/sqlite/transaction.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

constexpr std::size_t places_at_a_time = 1'000;

/// In the order in which the page fills.
void sort(found_places& places, bool is_upwards)
{
    std::sort(places.begin(), places.end(), [is_upwards](const auto& a, const auto& b) {
        return is_upwards ? a.place < b.place : a.place > b.place;
    });
}

/// What a search has found before its records are read.
struct outcome {
    found_places matching;
    /// Up to there the store was searched, if it was not searched to the end.
    std::optional<search_place> searched_to;
};

outcome judge_candidates(database& connection, std::int64_t module, const search_query& wanted,
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
outcome walk_over(database& connection, std::int64_t module, const search_query& wanted,
                  std::size_t limit)
{
    search_walk steps(connection, module, wanted.ranges, wanted.before.has_value());
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

void read_page(database& connection, outcome& found, const search_query& wanted, search_page& page)
{
    byte_bound bound(wanted.max_bytes);
    page.is_last_page = false;
    for (auto& each : found.matching) {
        if (page.records.size() == wanted.limit) return;
        auto stored = find_record_within(connection, each.sequence, bound);
        if (!stored) return;
        page.records.push_back(std::move(*stored));
        page.reached = std::move(each.place);
    }
    page.is_last_page = !found.searched_to;
    if (found.searched_to) page.reached = std::move(found.searched_to);
}

}  // namespace

result<search_page> search_records(database& connection, std::string_view module_name,
                                   search_query query)
{
    search_page page;
    if (query.contracts && query.contracts->empty()) return page;
    const auto limit = static_cast<std::size_t>(
        std::min<std::uint64_t>(query.limit, std::numeric_limits<std::int32_t>::max()) + 1);
    transaction snapshot(connection, transaction::kind::read);
    const auto module = connection.numbers().find_module(module_name);
    const auto candidates = find_candidates(connection, module, query, max_candidates);
    auto found = candidates ? judge_candidates(connection, module, query, *candidates)
                            : walk_over(connection, module, query, limit);
    read_page(connection, found, query, page);
    snapshot.commit();
    if (query.before) std::reverse(page.records.begin(), page.records.end());
    return page;
}

}  // namespace ocpi::crud::sqlite
