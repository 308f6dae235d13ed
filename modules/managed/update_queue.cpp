#include "modules/managed/update_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ocpi::managed {
namespace {

bool is_earlier(const queued_update& a, const queued_update& b)
{
    return a.revision < b.revision;
}

}  // namespace

void update_queue::add(queued_update change)
{
    const std::lock_guard lock(mutex_);
    const bool is_full =
        by_contract_.size() >= max_contracts && !by_contract_.contains(change.contract.folded());
    if (is_full || bytes_ + change.json->size() > max_bytes) return;
    insert(std::move(change));
}

/// At its place, and of too many of one session in the place of the first.
void update_queue::insert(queued_update change)
{
    auto& known = by_contract_[change.contract.folded()];
    const auto name = change.key.folded();
    auto& count = known.count_of_session[name];
    auto& changes = known.changes;
    if (count >= max_of_session) {
        const auto first =
            std::find_if(changes.begin(), changes.end(),
                         [&](const queued_update& each) { return each.key.folded() == name; });
        bytes_ -= first->json->size();
        changes.erase(first);
        --count;
    }
    ++count;
    bytes_ += change.json->size();
    const auto place = std::upper_bound(changes.begin(), changes.end(), change, is_earlier);
    changes.insert(place, std::move(change));
}

std::vector<ci_string> update_queue::contracts_after(const std::string& folded,
                                                     std::size_t most) const
{
    const std::lock_guard lock(mutex_);
    std::vector<ci_string> found;
    for (auto each = by_contract_.upper_bound(folded); each != by_contract_.end(); ++each) {
        if (found.size() == most) break;
        found.emplace_back(each->first);
    }
    return found;
}

std::vector<queued_update> update_queue::take(const std::vector<ci_string>& contracts)
{
    std::vector<queued_update> taken;
    const std::lock_guard lock(mutex_);
    for (const auto& contract : contracts) {
        const auto found = by_contract_.find(contract.folded());
        if (found == by_contract_.end()) continue;
        auto& changes = found->second.changes;
        std::move(changes.begin(), changes.end(), std::back_inserter(taken));
        by_contract_.erase(found);
    }
    for (const auto& each : taken) bytes_ -= each.json->size();
    std::sort(taken.begin(), taken.end(), is_earlier);
    return taken;
}

void update_queue::put_back(std::vector<queued_update> changes)
{
    const std::lock_guard lock(mutex_);
    for (auto& each : changes) insert(std::move(each));
}

}  // namespace ocpi::managed
