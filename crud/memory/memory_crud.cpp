#include "crud/memory/memory_crud.hpp"

#include "crud/errors.hpp"
#include "crud/page_bound.hpp"
#include "crud/search.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud {
namespace {

/// Fills a page with those of `matching` from `offset` on. Those beyond it are not copied.
template <class Page, class Query>
void fill(Page& answer, const std::vector<const record*>& matching, std::uint64_t offset,
          const Query& query)
{
    byte_bound bound(query.max_bytes);
    auto next = static_cast<std::size_t>(std::min<std::uint64_t>(offset, matching.size()));
    for (; next < matching.size() && answer.records.size() < query.limit; ++next) {
        const record& each = *matching[next];
        if (!bound.admit(each.document.json.size())) break;
        answer.records.push_back(each);
    }
    answer.is_last_page = next == matching.size();
}

}  // namespace

memory_crud::address memory_crud::address_of(std::string_view module, const object_key& key)
{
    return {std::string(module), key.country_code.folded(), key.party_id.folded(), key.id.folded()};
}

boost::asio::awaitable<result<record>> memory_crud::get(std::string_view module, interface_side,
                                                        object_key key)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) co_return no_such_record();
    co_return modules_.find(module)->second.at(found->second);
}

boost::asio::awaitable<result<record>> memory_crud::get_if_visible_to(std::string_view module,
                                                                      interface_side,
                                                                      object_key key,
                                                                      std::vector<party> emsps)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) co_return no_such_record();
    const record& stored = modules_.find(module)->second.at(found->second);
    record_filter filter;
    filter.emsps = std::move(emsps);
    if (!filter.matches(stored.document)) co_return no_such_record();
    co_return stored;
}

template <class Condition>
std::vector<const record*> memory_crud::find_all(std::string_view module,
                                                 const record_filter& filter,
                                                 Condition is_wanted) const
{
    std::vector<const record*> matching;
    const auto records = modules_.find(module);
    if (records == modules_.end()) return matching;
    for (const auto& [sequence, candidate] : records->second) {
        if (is_wanted(candidate) && filter.matches(candidate.document)) {
            matching.push_back(&candidate);
        }
    }
    return matching;
}

boost::asio::awaitable<result<page>> memory_crud::list(std::string_view module, interface_side,
                                                       list_query query)
{
    const std::lock_guard lock(mutex_);
    const auto matching = find_all(module, query, [](const record&) { return true; });
    page answer;
    fill(answer, matching, query.offset, query);
    answer.total = matching.size();
    answer.as_of = last_revision_;
    co_return answer;
}

boost::asio::awaitable<result<record>> memory_crud::find_by_secondary_key(std::string_view module,
                                                                          interface_side,
                                                                          std::string key,
                                                                          record_filter filter)
{
    const std::lock_guard lock(mutex_);
    const auto matching = find_all(module, filter, [&key](const record& each) {
        return !key.empty() && each.document.secondary_key == key;
    });
    if (matching.empty()) co_return no_such_record();
    co_return *matching.front();
}

boost::asio::awaitable<result<sorted_page>> memory_crud::list_sorted(std::string_view module,
                                                                     interface_side,
                                                                     sorted_query query)
{
    const std::lock_guard lock(mutex_);
    auto matching = find_all(module, query, [&query](const record& each) {
        return query.range.contains(each.document.sort_key);
    });
    std::sort(matching.begin(), matching.end(), [](const record* a, const record* b) {
        return a->document.sort_key < b->document.sort_key;
    });
    const bool is_upwards = query.range.goes_upwards();
    if (!is_upwards) std::reverse(matching.begin(), matching.end());
    sorted_page answer;
    fill(answer, matching, 0, query);
    if (is_upwards) std::reverse(answer.records.begin(), answer.records.end());
    co_return answer;
}

boost::asio::awaitable<result<changes_page>> memory_crud::list_changes(std::string_view module,
                                                                       interface_side,
                                                                       changes_query query)
{
    const std::lock_guard lock(mutex_);
    auto matching = find_all(module, query,
                             [&query](const record& each) { return each.revision > query.after; });
    std::sort(matching.begin(), matching.end(),
              [](const record* a, const record* b) { return a->revision < b->revision; });
    changes_page answer;
    fill(answer, matching, 0, query);
    answer.as_of = last_revision_;
    co_return answer;
}

boost::asio::awaitable<result<search_page>> memory_crud::search(std::string_view module,
                                                                interface_side, search_query query)
{
    const std::lock_guard lock(mutex_);
    auto matching = find_all(module, record_filter(), [&query](const record& each) {
        return query.matches(each.document, each.document.last_updated);
    });
    co_return make_search_page(std::move(matching), query);
}

boost::asio::awaitable<result<std::optional<totals>>> memory_crud::find_totals(
    std::string_view module, interface_side, totals_query query)
{
    const std::lock_guard lock(mutex_);
    const auto matching = find_all(module, record_filter(), [&query](const record& each) {
        return query.matches(each.document, instant_of(each.document, query));
    });
    co_return std::optional<totals>(make_totals(matching, query));
}

boost::asio::awaitable<result<revision>> memory_crud::create(std::string_view module,
                                                             interface_side, document document)
{
    const std::lock_guard lock(mutex_);
    auto where = address_of(module, document.key);
    auto& records = modules_[std::string(module)];
    // All memory is taken before the store changes.
    std::map<std::uint64_t, record> made;
    auto& stored = made[last_sequence_ + 1];
    const bool is_new = sequences_.try_emplace(std::move(where), last_sequence_ + 1).second;
    if (!is_new) co_return key_taken();
    records.merge(made);
    ++last_sequence_;
    stored.document = std::move(document);
    stored.revision = ++last_revision_;
    co_return stored.revision;
}

boost::asio::awaitable<result<revision>> memory_crud::update(std::string_view module,
                                                             interface_side, document document,
                                                             revision expected)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, document.key));
    if (found == sequences_.end()) co_return no_such_record();
    auto& stored = modules_.find(module)->second.at(found->second);
    if (stored.revision != expected) co_return revision_mismatch();
    stored.document = std::move(document);
    stored.revision = ++last_revision_;
    co_return stored.revision;
}

bool memory_crud::erase(std::string_view module, const object_key& key)
{
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) return false;
    modules_.find(module)->second.erase(found->second);
    sequences_.erase(found);
    ++last_revision_;
    return true;
}

boost::asio::awaitable<result<void>> memory_crud::remove(std::string_view module, interface_side,
                                                         object_key key)
{
    const std::lock_guard lock(mutex_);
    if (!erase(module, key)) co_return no_such_record();
    co_return result<void>();
}

boost::asio::awaitable<result<std::vector<object_key>>> memory_crud::remove_unchanged(
    std::string_view module, interface_side, std::vector<removal> removals,
    std::vector<std::string> belonging)
{
    const std::lock_guard lock(mutex_);
    std::vector<object_key> removed;
    for (const auto& each : removals) {
        const auto found = sequences_.find(address_of(module, each.key));
        if (found == sequences_.end()) continue;
        const auto& stored = modules_.find(module)->second.at(found->second);
        if (stored.revision != each.expected) continue;
        erase(module, each.key);
        for (const auto& other : belonging) erase(other, each.key);
        removed.push_back(each.key);
    }
    co_return removed;
}

boost::asio::awaitable<result<revision>> memory_crud::find_latest_revision()
{
    const std::lock_guard lock(mutex_);
    co_return last_revision_;
}

}  // namespace ocpi::crud
