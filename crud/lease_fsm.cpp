#include "crud/lease_fsm.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud {
namespace {

using time_point = lease_fsm::time_point;

/// What is to be renewed soon is renewed together with what is to be renewed now.
constexpr int renewed_together = 4;

std::optional<time_point> earlier(std::optional<time_point> a, std::optional<time_point> b)
{
    if (!a || !b) return a ? a : b;
    return std::min(*a, *b);
}

}  // namespace

lease_fsm::lease_fsm(const lease_times& times, bool is_always_held, unsigned seed)
    : times_(times), is_always_held_(is_always_held), random_(seed)
{
}

void lease_fsm::assign(const std::string& name)
{
    if (is_stopping_) return;
    auto& assigned = entries_[name];
    if (std::exchange(assigned.is_wanted, true)) return;
    next_look_ = time_point::min();
}

void lease_fsm::withdraw(const std::string& name)
{
    const auto found = entries_.find(name);
    if (found == entries_.end()) return;
    found->second.is_wanted = false;
    found->second.must_end = found->second.work == work::running;
}

void lease_fsm::stop()
{
    is_stopping_ = true;
    for (auto& [name, each] : entries_) {
        each.is_wanted = false;
        each.must_end = each.work == work::running;
    }
}

void lease_fsm::claimed(const std::vector<std::string>& names, const std::vector<held_lease>& held,
                        time_point sent)
{
    is_store_busy_ = false;
    failing_since_.reset();
    is_reachable_ = true;
    for (const auto& lease : held) {
        const auto found = entries_.find(lease.name);
        if (found == entries_.end()) {
            surplus_.push_back(lease);
            continue;
        }
        extend(found->second, lease, sent);
    }
    for (const auto& name : names) {
        const auto found = entries_.find(name);
        if (found == entries_.end() || !found->second.lease) continue;
        const bool is_held = std::any_of(held.begin(), held.end(),
                                         [&](const held_lease& each) { return each.name == name; });
        if (!is_held) lose(found->second, "another process has taken it");
    }
}

void lease_fsm::extend(entry& of, const held_lease& lease, time_point sent)
{
    if (of.lease && of.lease->epoch != lease.epoch) {
        lose(of, "another process has had it meanwhile");
    }
    of.lease = lease;
    of.held_until = sent + times_.life - times_.margin;
    of.renew_at = sent + times_.renewal;
}

/// The work, if there is some, is asked to end by next().
void lease_fsm::lose(entry& of, const std::string& cause)
{
    if (of.work != work::none && !of.is_work_outdated) {
        log(log_level::warning,
            "lost the lease " + of.lease->name + ", and its work ends here: " + cause);
        of.is_work_outdated = true;
        if (of.work == work::ending) of.work = work::running;
    }
    of.lease.reset();
    of.held_until = time_point::min();
}

void lease_fsm::claim_failed(const error& failure, time_point now)
{
    is_store_busy_ = false;
    store_retry_at_ = now + times_.min_look;
    if (!failing_since_) failing_since_ = now;
    if (!is_reachable_ || now - *failing_since_ < times_.renewal) return;
    is_reachable_ = false;
    const auto& text = failure.log_text().empty() ? failure.text() : failure.log_text();
    log(log_level::warning, "leases cannot be claimed, which is tried again: " + text);
}

void lease_fsm::released()
{
    is_store_busy_ = false;
}

void lease_fsm::work_ended(const std::string& name, time_point now)
{
    const auto found = entries_.find(name);
    if (found == entries_.end()) return;
    auto& ended = found->second;
    const bool was_asked = ended.work == work::ending;
    ended.work = work::none;
    ended.is_work_outdated = ended.must_end = false;
    if (was_asked || !ended.lease) return;
    // By itself: it begins again, here or elsewhere, but not at once.
    give_up(ended);
    ended.look_at = now + times_.max_look;
}

void lease_fsm::give_up(entry& of)
{
    if (!is_always_held_) surplus_.push_back(*of.lease);
    of.lease.reset();
    of.held_until = time_point::min();
}

void lease_fsm::lost(const held_lease& lease)
{
    const auto found = entries_.find(lease.name);
    if (found == entries_.end() || found->second.lease != lease) return;
    lose(found->second, "a write was refused, because another process has it");
}

lease_action::any lease_fsm::next(time_point now)
{
    if (!log_.empty()) {
        auto line = std::move(log_.front());
        log_.pop_front();
        return line;
    }
    if (is_reachable_ != is_reachable_reported_) {
        is_reachable_reported_ = is_reachable_;
        if (is_reachable_) log(log_level::info, "leases are claimed again");
        return lease_action::report_reachable{is_reachable_};
    }
    for (auto each = entries_.begin(); each != entries_.end(); ++each) {
        auto& [name, of] = *each;
        if (auto action = next_of(name, of, now)) return std::move(*action);
        const bool is_over = !of.is_wanted && of.work == work::none && !of.lease;
        if (!is_over) continue;
        lease_action::forget forgotten{name};
        entries_.erase(each);
        return forgotten;
    }
    if (!log_.empty()) return next(now);
    if (!is_store_busy_) {
        if (auto call = next_store_call(now)) {
            is_store_busy_ = true;
            return std::move(*call);
        }
    }
    if (is_stopping_ && entries_.empty() && !is_store_busy_) return lease_action::finish{};
    return lease_action::wait{wake_due()};
}

/// Begins and ends the work of a name.
std::optional<lease_action::any> lease_fsm::next_of(const std::string& name, entry& of,
                                                    time_point now)
{
    if (of.lease && of.held_until <= now) lose(of, "it could not be renewed in time");
    if (of.work == work::running && (of.is_work_outdated || of.must_end)) {
        of.work = work::ending;
        return lease_action::end{name, of.is_work_outdated};
    }
    if (of.work != work::none) return {};
    if (is_always_held_ && of.is_wanted && !of.lease && of.look_at <= now) {
        of.lease = held_lease{name, 0};
        of.held_until = of.renew_at = time_point::max();
    }
    if (of.lease && of.is_wanted) {
        of.work = work::running;
        return lease_action::begin{*of.lease};
    }
    if (of.lease) {
        give_up(of);
    }
    return {};
}

std::optional<lease_action::any> lease_fsm::next_store_call(time_point now)
{
    if (is_always_held_) return {};
    if (!surplus_.empty()) return lease_action::release{std::exchange(surplus_, {})};
    if (store_retry_at_ > now) return {};
    const auto due = earlier(look_due(), renewal_due());
    if (!due || *due > now) return {};
    return make_claim(now);
}

lease_action::claim lease_fsm::make_claim(time_point now)
{
    lease_action::claim made;
    const bool looks = look_due().value_or(time_point::max()) <= now;
    const auto soon = now + times_.renewal / renewed_together;
    for (const auto& [name, each] : entries_) {
        const bool is_looked_for = looks && waits(each) && each.look_at <= now;
        if (is_looked_for || (each.lease && each.renew_at <= soon)) made.names.push_back(name);
    }
    std::uniform_int_distribution<std::chrono::milliseconds::rep> pause(times_.min_look.count(),
                                                                        times_.max_look.count());
    next_look_ = now + std::chrono::milliseconds(pause(random_));
    return made;
}

bool lease_fsm::waits(const entry& of) const
{
    return of.is_wanted && !of.lease && of.work == work::none;
}

std::optional<lease_fsm::time_point> lease_fsm::look_due() const
{
    std::optional<time_point> due;
    for (const auto& [name, each] : entries_) {
        if (waits(each)) due = earlier(due, std::max(each.look_at, next_look_));
    }
    return due;
}

std::optional<lease_fsm::time_point> lease_fsm::renewal_due() const
{
    std::optional<time_point> due;
    for (const auto& [name, each] : entries_) {
        if (each.lease) due = earlier(due, each.renew_at);
    }
    return due;
}

/// When next() has something to do that no report brings about.
lease_fsm::time_point lease_fsm::wake_due() const
{
    auto due = time_point::max();
    for (const auto& [name, each] : entries_) {
        if (each.lease) due = std::min(due, each.held_until);
        if (is_always_held_ && waits(each)) due = std::min(due, each.look_at);
    }
    if (is_always_held_ || is_store_busy_) return due;
    const auto call = earlier(look_due(), renewal_due());
    return call ? std::min(due, std::max(*call, store_retry_at_)) : due;
}

lease_fsm::time_point lease_fsm::held_until(const std::string& name) const
{
    const auto found = entries_.find(name);
    const bool may_go_on = found != entries_.end() && !found->second.is_work_outdated;
    return may_go_on ? found->second.held_until : time_point::min();
}

std::vector<lease_state> lease_fsm::states() const
{
    std::vector<lease_state> all;
    for (const auto& [name, each] : entries_) {
        if (each.is_wanted) all.push_back({name, each.lease.has_value()});
    }
    return all;
}

void lease_fsm::log(log_level level, std::string text)
{
    log_.push_back(lease_action::write_log{level, std::move(text)});
}

}  // namespace ocpi::crud
