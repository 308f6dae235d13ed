#include "modules/managed/price_changes.hpp"

#include <algorithm>

namespace ocpi::managed {

void price_changes::add(const party& owner, date_time at)
{
    entry changed;
    changed.latest.at = at;
    const std::lock_guard lock(mutex_);
    changed.latest.number = ++changes_;
    by_owner_[name_of(owner)] = std::move(changed);
}

std::optional<price_changes::change> price_changes::lacking(const crud::object_key& key) const
{
    const std::lock_guard lock(mutex_);
    const auto found = by_owner_.find(name_of(key.owner()));
    if (found == by_owner_.end() || found->second.planned.contains(key.folded())) return {};
    return found->second.latest;
}

void price_changes::note_planned(const crud::object_key& key, const change& known)
{
    const std::lock_guard lock(mutex_);
    const auto found = by_owner_.find(name_of(key.owner()));
    if (found != by_owner_.end() && found->second.latest.number == known.number) {
        found->second.planned.insert(key.folded());
    }
}

std::uint64_t price_changes::latest() const
{
    const std::lock_guard lock(mutex_);
    std::uint64_t latest = 0;
    for (const auto& each : by_owner_) latest = std::max(latest, each.second.latest.number);
    return latest;
}

void price_changes::note_all_planned(std::uint64_t number)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(by_owner_,
                  [number](const auto& each) { return each.second.latest.number <= number; });
}

std::string price_changes::name_of(const party& owner)
{
    return owner.country_code.folded() + '/' + owner.party_id.folded();
}

}  // namespace ocpi::managed
