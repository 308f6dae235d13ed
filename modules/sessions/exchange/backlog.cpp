#include "modules/sessions/exchange/backlog.hpp"

#include "modules/sessions/exchange/push_marks.hpp"

namespace ocpi::sessions::exchange {

bool backlog::add(const session_key& key, reason why)
{
    auto name = name_of(key);
    const auto found = entries_.find(name);
    if (found != entries_.end()) {
        auto& known = found->second;
        if (known.state == state::on_its_way) known.has_changed = true;
        if (known.state == state::waiting && why == reason::changed) {
            stop_waiting(name, known);
            make_ready(name, known);
        }
        return true;
    }
    if (queue_.size() + waiting_.size() >= most_) {
        clear();
        return false;
    }
    const auto place = entries_.emplace(std::move(name), entry(key)).first;
    make_ready(place->first, place->second);
    return true;
}

std::optional<session_key> backlog::take(time_point now)
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
    next.has_changed = false;
    return next.key;
}

bool backlog::settle(const std::string& name)
{
    const auto found = entries_.find(name);
    if (!found->second.has_changed) {
        entries_.erase(found);
        return true;
    }
    found->second.refusals = 0;
    found->second.failures = 0;
    found->second.failed_at.reset();
    make_ready(name, found->second);
    return false;
}

bool backlog::refuse(const std::string& name, time_point now)
{
    auto& refused = entries_.at(name);
    ++refused.refusals;
    if (refused.has_changed) {
        make_ready(name, refused);
        return false;
    }
    make_wait(name, refused, now + after_refusal_.after(refused.refusals));
    return true;
}

unsigned backlog::fail(const std::string& name, std::uint64_t successes)
{
    auto& failed = entries_.at(name);
    if (failed.failed_at && successes > *failed.failed_at) ++failed.failures;
    failed.failed_at = successes;
    make_ready(name, failed);
    return failed.failures;
}

void backlog::postpone(const std::string& name, time_point until)
{
    make_wait(name, entries_.at(name), until);
}

void backlog::clear()
{
    for (auto each = entries_.begin(); each != entries_.end();) {
        if (each->second.state == state::on_its_way) {
            each->second.has_changed = false;
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

std::vector<session_key> backlog::refused() const
{
    std::vector<session_key> keys;
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

void backlog::make_wait(const std::string& name, entry& of, time_point until)
{
    of.state = state::waiting;
    of.due = until;
    waiting_.emplace(until, name);
}

void backlog::stop_waiting(const std::string& name, const entry& of)
{
    waiting_.erase(std::make_pair(of.due, name));
}

}  // namespace ocpi::sessions::exchange
