#include "modules/managed/mailbox.hpp"

#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::managed {
namespace {

std::size_t size_of(const queued_change& change)
{
    return change.json ? change.json->size() : 0;
}

}  // namespace

void mailboxes::post(const std::string& policy_id, queued_change change)
{
    const std::lock_guard lock(mutex_);
    const bool is_full = by_policy_.size() >= max_policies && !by_policy_.contains(policy_id);
    if (is_full || bytes_ + size_of(change) > max_bytes) return;
    insert(policy_id, std::move(change));
}

void mailboxes::insert(const std::string& policy_id, queued_change change)
{
    auto& [changes, count_of_session] = by_policy_[policy_id];
    auto& count = count_of_session[change.key];
    if (count >= max_of_session) {
        const auto oldest =
            std::find_if(changes.begin(), changes.end(),
                         [&](const queued_change& each) { return each.key == change.key; });
        bytes_ -= size_of(*oldest);
        changes.erase(oldest);
        --count;
    }
    ++count;
    bytes_ += size_of(change);
    const auto place = std::upper_bound(changes.begin(), changes.end(), change.revision,
                                        [](crud::revision revision, const queued_change& each) {
                                            return revision < each.revision;
                                        });
    changes.insert(place, std::move(change));
}

std::vector<std::string> mailboxes::waiting(const std::string& after, std::size_t limit) const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (auto each = by_policy_.upper_bound(after); each != by_policy_.end(); ++each) {
        if (found.size() == limit) break;
        found.push_back(each->first);
    }
    return found;
}

std::deque<queued_change> mailboxes::take(const std::string& policy_id)
{
    const std::lock_guard lock(mutex_);
    const auto found = by_policy_.find(policy_id);
    if (found == by_policy_.end()) return {};
    auto taken = std::move(found->second.changes);
    by_policy_.erase(found);
    for (const auto& each : taken) bytes_ -= size_of(each);
    return taken;
}

void mailboxes::put_back(const std::string& policy_id, std::vector<queued_change> changes)
{
    const std::lock_guard lock(mutex_);
    for (auto& each : changes) insert(policy_id, std::move(each));
}

void price_mailbox::post(const party& owner, date_time at)
{
    const std::lock_guard lock(mutex_);
    by_owner_[fold_case(to_string(owner))] = at;
    ++changes_;
}

std::optional<date_time> price_mailbox::pending_for(const party& owner) const
{
    const std::lock_guard lock(mutex_);
    if (by_owner_.empty()) return std::nullopt;
    const auto found = by_owner_.find(fold_case(to_string(owner)));
    if (found == by_owner_.end()) return std::nullopt;
    return found->second;
}

std::uint64_t price_mailbox::latest() const
{
    const std::lock_guard lock(mutex_);
    return by_owner_.empty() ? 0 : changes_;
}

/// If there has been another change since, all are applied once more, which has no effect.
void price_mailbox::remove(std::uint64_t number)
{
    const std::lock_guard lock(mutex_);
    if (number == changes_) by_owner_.clear();
}

}  // namespace ocpi::managed
