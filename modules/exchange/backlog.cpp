#include "modules/exchange/backlog.hpp"

#include "modules/exchange/acknowledgements.hpp"

#include <algorithm>

namespace ocpi::exchange {

bool backlog::add(const crud::object_key& key, crud::revision at_least)
{
    auto name = key.folded();
    const auto found = entries_.find(name);
    if (found != entries_.end()) {
        auto& known = found->second;
        known.wanted = std::max(known.wanted, at_least);
        if (known.state == state::waiting && at_least > known.refused) {
            waiting_.erase(std::make_pair(known.due, name));
            make_next(name, known);
        }
        return true;
    }
    if (queue_.size() + waiting_.size() >= most_) {
        clear();
        return false;
    }
    auto& added = entries_.emplace(name, entry(key)).first->second;
    added.wanted = at_least;
    make_ready(name, added);
    return true;
}

std::optional<crud::object_key> backlog::take(time_point now)
{
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        const auto name = waiting_.begin()->second;
        waiting_.erase(waiting_.begin());
        make_ready(name, entries_.at(name));
    }
    if (queue_.empty()) return {};
    auto& next = entries_.at(queue_.front());
    queue_.pop_front();
    next.state = state::on_its_way;
    return next.key;
}

bool backlog::settle(const std::string& name, crud::revision had)
{
    const auto found = entries_.find(name);
    auto& settled = found->second;
    if (settled.wanted <= had) {
        entries_.erase(found);
        return true;
    }
    settled.refusals = 0;
    settled.failures = 0;
    settled.failed_at.reset();
    settled.not_before.reset();
    make_ready(name, settled);
    return false;
}

bool backlog::refuse(const std::string& name, crud::revision tried, time_point now, refusal why)
{
    auto& refused = entries_.at(name);
    ++refused.refusals;
    refused.refused = tried;
    refused.not_before.reset();
    if (why.retry_after) refused.not_before = now + *why.retry_after;
    if (refused.wanted > tried) {
        make_next(name, refused);
        return false;
    }
    const auto& schedule = why.is_passing ? after_passing_fault_ : after_refusal_;
    const auto due = now + schedule.after(refused.refusals);
    make_wait(name, refused, std::max(due, refused.not_before.value_or(due)));
    return true;
}

unsigned backlog::count_failure(const std::string& name, std::uint64_t successes)
{
    auto& failed = entries_.at(name);
    if (failed.failed_at && successes > *failed.failed_at) ++failed.failures;
    failed.failed_at = successes;
    return failed.failures;
}

void backlog::put_back(const std::string& name)
{
    make_ready(name, entries_.at(name));
}

void backlog::postpone(const std::string& name, time_point until)
{
    make_wait(name, entries_.at(name), until);
}

void backlog::clear()
{
    for (auto each = entries_.begin(); each != entries_.end();) {
        if (each->second.state == state::on_its_way) {
            each->second.wanted = 0;
            ++each;
        } else {
            each = entries_.erase(each);
        }
    }
    queue_.clear();
    waiting_.clear();
}

bool backlog::was_refused(const std::string& name) const
{
    const auto found = entries_.find(name);
    return found != entries_.end() && found->second.refusals > 0;
}

std::vector<crud::object_key> backlog::refused() const
{
    std::vector<crud::object_key> keys;
    for (const auto& [name, each] : entries_) {
        if (each.refusals > 0) keys.push_back(each.key);
    }
    return keys;
}

std::optional<backlog::time_point> backlog::next_due() const
{
    if (waiting_.empty()) return {};
    return waiting_.begin()->first;
}

void backlog::make_ready(const std::string& name, entry& of)
{
    of.state = state::ready;
    queue_.push_back(name);
}

void backlog::make_next(const std::string& name, entry& of)
{
    if (of.not_before) {
        make_wait(name, of, *of.not_before);
    } else {
        make_ready(name, of);
    }
}

void backlog::make_wait(const std::string& name, entry& of, time_point until)
{
    of.state = state::waiting;
    of.due = until;
    waiting_.emplace(until, name);
}

}  // namespace ocpi::exchange
