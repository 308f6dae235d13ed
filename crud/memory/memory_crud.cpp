#include "crud/memory/memory_crud.hpp"

#include "crud/errors.hpp"
#include "crud/page_bound.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud {
namespace {

template <class T>
bool contains(const std::vector<T>& values, const T& wanted)
{
    return std::find(values.begin(), values.end(), wanted) != values.end();
}

bool concerns(const document& stored, const std::vector<party>& emsps)
{
    return stored.emsp && contains(emsps, *stored.emsp);
}

bool is_within(const rank_range& range, const std::string& rank)
{
    return !rank.empty() && (!range.below || rank < *range.below) &&
           (!range.above || rank > *range.above);
}

bool matches(const record& stored, const list_query& query)
{
    const auto& candidate = stored.document;
    const party owner(candidate.key.country_code.str(), candidate.key.party_id.str());
    if (query.date_from && candidate.last_updated < *query.date_from) return false;
    if (query.date_to && candidate.last_updated >= *query.date_to) return false;
    if (query.owners && !contains(*query.owners, owner)) return false;
    if (query.emsps && !concerns(candidate, *query.emsps)) return false;
    if (query.contracts &&
        !(candidate.contract && contains(*query.contracts, *candidate.contract))) {
        return false;
    }
    if (query.alias && (query.alias->empty() || candidate.alias != *query.alias)) return false;
    if (query.ranked && !is_within(*query.ranked, candidate.rank)) return false;
    if (query.changed_after && stored.revision <= *query.changed_after) return false;
    return true;
}

/// Puts them, which stand in the order of creation, into the order in which the page fills.
void sort_for(const list_query& query, std::vector<const record*>& matching)
{
    const auto by_rank = [](const record* a, const record* b) {
        return a->document.rank < b->document.rank;
    };
    const auto by_change = [](const record* a, const record* b) {
        return a->revision < b->revision;
    };
    if (query.ranked) {
        std::sort(matching.begin(), matching.end(), by_rank);
        if (!goes_upwards(query)) std::reverse(matching.begin(), matching.end());
    } else if (query.changed_after) {
        std::sort(matching.begin(), matching.end(), by_change);
    }
}

/// The page out of all records that match, in that order. Those beyond it are not copied.
page page_of(const std::vector<const record*>& matching, const list_query& query)
{
    page answer;
    byte_bound bound(query.max_bytes);
    auto next = static_cast<std::size_t>(std::min<std::uint64_t>(query.offset, matching.size()));
    for (; next < matching.size() && answer.records.size() < query.limit; ++next) {
        const record& each = *matching[next];
        if (!bound.admit(each.document.json.size())) break;
        answer.records.push_back(each);
    }
    answer.is_last_page = next == matching.size();
    if (goes_upwards(query)) std::reverse(answer.records.begin(), answer.records.end());
    if (!query.ranked && !query.changed_after) answer.total = matching.size();
    return answer;
}

}  // namespace

memory_crud::address memory_crud::address_of(std::string_view module, const record_key& key)
{
    return {std::string(module), key.country_code.folded(), key.party_id.folded(), key.id.folded()};
}

boost::asio::awaitable<result<record>> memory_crud::get(std::string_view module, interface_side,
                                                        record_key key)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) co_return no_such_record();
    co_return modules_.find(module)->second.at(found->second);
}

boost::asio::awaitable<result<record>> memory_crud::get_concerning(std::string_view module,
                                                                   interface_side, record_key key,
                                                                   std::vector<party> emsps)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) co_return no_such_record();
    const record& stored = modules_.find(module)->second.at(found->second);
    if (!concerns(stored.document, emsps)) co_return no_such_record();
    co_return stored;
}

boost::asio::awaitable<result<page>> memory_crud::list(std::string_view module, interface_side,
                                                       list_query query)
{
    const std::lock_guard lock(mutex_);
    page answer;
    if (const auto records = modules_.find(module); records != modules_.end()) {
        std::vector<const record*> matching;
        for (const auto& [sequence, candidate] : records->second) {
            if (matches(candidate, query)) matching.push_back(&candidate);
        }
        sort_for(query, matching);
        answer = page_of(matching, query);
    }
    answer.as_of = last_revision_;
    co_return answer;
}

boost::asio::awaitable<result<revision>> memory_crud::create(std::string_view module,
                                                             interface_side, document document)
{
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] =
        sequences_.try_emplace(address_of(module, document.key), last_sequence_ + 1);
    if (!is_new) co_return key_taken();
    auto& stored = modules_[std::string(module)][++last_sequence_];
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
    if (stored.revision != expected) co_return revision_moved_on();
    stored.document = std::move(document);
    stored.revision = ++last_revision_;
    co_return stored.revision;
}

boost::asio::awaitable<result<void>> memory_crud::remove(std::string_view module, interface_side,
                                                         record_key key)
{
    const std::lock_guard lock(mutex_);
    const auto found = sequences_.find(address_of(module, key));
    if (found == sequences_.end()) co_return no_such_record();
    modules_.find(module)->second.erase(found->second);
    sequences_.erase(found);
    ++last_revision_;
    co_return result<void>();
}

}  // namespace ocpi::crud
