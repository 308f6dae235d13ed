#include "modules/exchange/send_queue.hpp"

#include <algorithm>

namespace ocpi::exchange {

void send_queue::add(const crud::object_key& key, crud::revision changed_at, time_point since)
{
    const auto name = key.folded();
    const auto [found, is_new] = entries_.try_emplace(name, key);
    auto& changed = found->second;
    changed.latest = std::max(changed.latest, changed_at);
    changed.latest_since = since;
    if (is_new) {
        changed.first_since = since;
        set_first(name, changed, changed_at);
        make_ready(name, changed);
    } else if (changed.state == state::waiting && changed_at > changed.rejected_revision) {
        waiting_.erase(std::make_pair(changed.due, name));
        make_ready_when_allowed(name, changed);
    }
}

void send_queue::add_rejected(const crud::object_key& key)
{
    const auto name = key.folded();
    const auto [found, is_new] = entries_.try_emplace(name, key);
    set_rejected(name, found->second, true);
    if (is_new) make_ready(name, found->second);
}

std::optional<send_queue::message> send_queue::take(time_point now)
{
    while (!waiting_.empty() && waiting_.begin()->first <= now) {
        const auto name = waiting_.begin()->second;
        waiting_.erase(waiting_.begin());
        make_ready(name, entries_.at(name));
    }
    if (ready_.empty()) return {};
    auto& next = entries_.at(ready_.front());
    ready_.pop_front();
    next.state = state::in_flight;
    return message{next.key, next.latest, next.attempts++};
}

void send_queue::acknowledge(const std::string& name, crud::revision revision)
{
    auto& acknowledged = entries_.at(name);
    set_rejected(name, acknowledged, false);
    if (acknowledged.latest <= revision) {
        erase(name, acknowledged);
        return;
    }
    entry changed(acknowledged.key);
    changed.latest = acknowledged.latest;
    changed.first = acknowledged.first;
    changed.first_since = changed.latest_since = acknowledged.latest_since;
    acknowledged = std::move(changed);
    set_first(name, acknowledged, acknowledged.latest);
    make_ready(name, acknowledged);
}

bool send_queue::reject(const std::string& name, crud::revision tried, time_point now,
                        rejection why)
{
    auto& rejected = entries_.at(name);
    if (!rejected.is_rejected && rejected_count_ >= max_rejected_) {
        erase(name, rejected);
        return false;
    }
    set_rejected(name, rejected, true);
    ++rejected.rejections;
    rejected.rejected_revision = tried;
    rejected.not_before.reset();
    if (why.retry_after) rejected.not_before = now + *why.retry_after;
    if (rejected.latest > tried) {
        make_ready_when_allowed(name, rejected);
        return true;
    }
    const auto& schedule = why.is_temporary ? after_temporary_fault_ : after_rejection_;
    const auto due = now + schedule.after(rejected.rejections);
    make_waiting(name, rejected, std::max(due, rejected.not_before.value_or(due)));
    return true;
}

void send_queue::put_back(const std::string& name)
{
    make_ready(name, entries_.at(name));
}

void send_queue::postpone(const std::string& name, time_point until)
{
    make_waiting(name, entries_.at(name), until);
}

unsigned send_queue::count_failure(const std::string& name, std::uint64_t successes)
{
    auto& failed = entries_.at(name);
    if (failed.successes_at_failure && successes > *failed.successes_at_failure) ++failed.failures;
    failed.successes_at_failure = successes;
    return failed.failures;
}

bool send_queue::is_rejected(const std::string& name) const
{
    const auto found = entries_.find(name);
    return found != entries_.end() && found->second.is_rejected;
}

std::vector<crud::object_key> send_queue::rejected() const
{
    std::vector<crud::object_key> keys;
    for (const auto& [name, each] : entries_) {
        if (each.is_rejected) keys.push_back(each.key);
    }
    return keys;
}

std::optional<crud::revision> send_queue::first_unacknowledged() const
{
    if (unacknowledged_.empty()) return {};
    return unacknowledged_.begin()->first;
}

std::optional<send_queue::time_point> send_queue::lacking_since() const
{
    if (unacknowledged_.empty()) return {};
    return entries_.at(unacknowledged_.begin()->second).first_since;
}

std::optional<send_queue::time_point> send_queue::next_due() const
{
    if (waiting_.empty()) return {};
    return waiting_.begin()->first;
}

void send_queue::make_ready(const std::string& name, entry& of)
{
    of.state = state::ready;
    ready_.push_back(name);
}

void send_queue::make_ready_when_allowed(const std::string& name, entry& of)
{
    if (of.not_before) {
        make_waiting(name, of, *of.not_before);
    } else {
        make_ready(name, of);
    }
}

void send_queue::make_waiting(const std::string& name, entry& of, time_point until)
{
    of.state = state::waiting;
    of.due = until;
    waiting_.emplace(until, name);
}

void send_queue::set_first(const std::string& name, entry& of, crud::revision first)
{
    unacknowledged_.erase(std::make_pair(of.first, name));
    of.first = first;
    if (!of.is_rejected) unacknowledged_.emplace(first, name);
}

void send_queue::set_rejected(const std::string& name, entry& of, bool is_rejected)
{
    if (of.is_rejected == is_rejected) return;
    of.is_rejected = is_rejected;
    ++rejected_version_;
    if (is_rejected) {
        ++rejected_count_;
    } else {
        --rejected_count_;
    }
    set_first(name, of, of.first);
}

void send_queue::erase(const std::string& name, entry& of)
{
    set_rejected(name, of, false);
    unacknowledged_.erase(std::make_pair(of.first, name));
    entries_.erase(name);
}

}  // namespace ocpi::exchange
