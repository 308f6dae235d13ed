#include "modules/managed/pending_changes.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ocpi::managed {
namespace {

bool is_earlier(const pending_change& a, const pending_change& b)
{
    return a.revision < b.revision;
}

}  // namespace

void pending_changes::add(pending_change change)
{
    const std::lock_guard lock(mutex_);
    const bool is_full =
        by_contract_.size() >= most_contracts && !by_contract_.contains(change.contract.folded());
    if (is_full || bytes_ + change.json->size() > most_bytes) return;
    insert(std::move(change));
}

/// At its place, and of too many of one session in the place of the first.
void pending_changes::insert(pending_change change)
{
    auto& known = by_contract_[change.contract.folded()];
    const auto name = change.key.folded();
    auto& count = known.count_of_session[name];
    auto& changes = known.changes;
    if (count >= most_of_session) {
        const auto first =
            std::find_if(changes.begin(), changes.end(),
                         [&](const pending_change& each) { return each.key.folded() == name; });
        bytes_ -= first->json->size();
        changes.erase(first);
        --count;
    }
    ++count;
    bytes_ += change.json->size();
    const auto place = std::upper_bound(changes.begin(), changes.end(), change, is_earlier);
    changes.insert(place, std::move(change));
}

std::vector<ci_string> pending_changes::contracts_after(const std::string& folded,
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

std::vector<pending_change> pending_changes::take(const std::vector<ci_string>& contracts)
{
    std::vector<pending_change> taken;
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

void pending_changes::put_back(std::vector<pending_change> changes)
{
    const std::lock_guard lock(mutex_);
    for (auto& each : changes) insert(std::move(each));
}

}  // namespace ocpi::managed
