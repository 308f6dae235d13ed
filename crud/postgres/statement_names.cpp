#include "crud/postgres/statement_names.hpp"

namespace ocpi::crud::postgres {

statement_names::choice statement_names::choose(const std::string& sql, std::uint64_t run)
{
    if (const auto known = by_sql_.find(sql); known != by_sql_.end()) {
        const auto& found = *known->second;
        if (!found.is_confirmed && found.run != run) return {};
        entries_.splice(entries_.begin(), entries_, known->second);
        return {found.name, false, {}};
    }
    choice made;
    if (entries_.size() >= capacity_) {
        const auto& oldest = entries_.back();
        if (!oldest.is_confirmed) return {};
        made.evicted = oldest.name;
        by_sql_.erase(oldest.sql);
        by_name_.erase(oldest.name);
        entries_.pop_back();
    }
    entries_.push_front({sql, 's' + std::to_string(++last_number_), run, false});
    by_sql_.emplace(entries_.front().sql, entries_.begin());
    by_name_.emplace(entries_.front().name, entries_.begin());
    made.name = entries_.front().name;
    made.is_to_prepare = true;
    return made;
}

void statement_names::confirm(std::string_view name)
{
    const auto known = by_name_.find(name);
    if (known != by_name_.end()) known->second->is_confirmed = true;
}

void statement_names::forget_unconfirmed(std::string_view name)
{
    const auto known = by_name_.find(name);
    if (known != by_name_.end() && !known->second->is_confirmed) forget(name);
}

void statement_names::forget(std::string_view name)
{
    const auto known = by_name_.find(name);
    if (known == by_name_.end()) return;
    const auto place = known->second;
    by_sql_.erase(place->sql);
    by_name_.erase(known);
    entries_.erase(place);
}

}  // namespace ocpi::crud::postgres
