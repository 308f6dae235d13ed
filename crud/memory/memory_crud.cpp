#include "crud/memory/memory_crud.hpp"

#include "crud/errors.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud {
namespace {

template <class T>
bool contains(const std::vector<T>& values, const T& wanted)
{
    return std::find(values.begin(), values.end(), wanted) != values.end();
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
    if (contains(query.not_owned_by, owner)) return false;
    if (query.emsps && !(candidate.emsp && contains(*query.emsps, *candidate.emsp))) return false;
    if (query.contracts &&
        !(candidate.contract && contains(*query.contracts, *candidate.contract))) {
        return false;
    }
    if (query.alias && (query.alias->empty() || candidate.alias != *query.alias)) return false;
    if (query.ranked && !is_within(*query.ranked, candidate.rank)) return false;
    if (query.changed_after && stored.revision <= *query.changed_after) return false;
    return true;
}

bool ranks_higher(const record& a, const record& b)
{
    return a.document.rank > b.document.rank;
}

/// The page of a ranked list, out of all records within its range.
page ranked_page(std::vector<record> records, const list_query& query)
{
    std::sort(records.begin(), records.end(), ranks_higher);
    page answer;
    answer.is_last_page = records.size() <= query.limit;
    if (!answer.is_last_page) {
        const auto surplus = records.end() - records.begin() - static_cast<long>(query.limit);
        if (query.ranked->above && !query.ranked->below) {
            records.erase(records.begin(), records.begin() + surplus);
        } else {
            records.erase(records.end() - surplus, records.end());
        }
    }
    answer.records = std::move(records);
    return answer;
}

/// The page of a list of changes, out of all that are wanted.
page page_of_changes(std::vector<record> records, const list_query& query)
{
    std::sort(records.begin(), records.end(),
              [](const record& a, const record& b) { return a.revision < b.revision; });
    page answer;
    answer.is_last_page = records.size() <= query.limit;
    if (!answer.is_last_page) records.resize(query.limit);
    answer.records = std::move(records);
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

boost::asio::awaitable<result<page>> memory_crud::list(std::string_view module, interface_side,
                                                       list_query query)
{
    const std::lock_guard lock(mutex_);
    page answer;
    answer.as_of = last_revision_;
    const auto records = modules_.find(module);
    if (records == modules_.end()) co_return answer;
    if (query.ranked || query.changed_after) {
        std::vector<record> within;
        for (const auto& [sequence, candidate] : records->second) {
            if (matches(candidate, query)) within.push_back(candidate);
        }
        answer = query.ranked ? ranked_page(std::move(within), query)
                              : page_of_changes(std::move(within), query);
        answer.as_of = last_revision_;
        co_return answer;
    }
    for (const auto& [sequence, candidate] : records->second) {
        if (!matches(candidate, query)) continue;
        if (answer.total >= query.offset && answer.records.size() < query.limit) {
            answer.records.push_back(candidate);
        }
        ++answer.total;
    }
    answer.is_last_page =
        query.offset >= answer.total || answer.records.size() == answer.total - query.offset;
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
