#include "crud/lease_mailbox.hpp"

#include <utility>

namespace ocpi::crud {

// Work that is replaced or over is destroyed when the lock is free again.

void lease_mailbox::assign(const std::string& name, leased_work work)
{
    const std::lock_guard lock(mutex_);
    std::swap(assigned_[name].work, work);
    mail_.orders.push_back({name, true});
}

std::stop_token lease_mailbox::withdraw(const std::string& name)
{
    const std::lock_guard lock(mutex_);
    const auto found = assigned_.find(name);
    if (found == assigned_.end()) return {};
    mail_.orders.push_back({name, false});
    return found->second.ended.get_token();
}

void lease_mailbox::report_loss(const held_lease& lost)
{
    const std::lock_guard lock(mutex_);
    mail_.lost.push_back(lost);
}

void lease_mailbox::stop()
{
    const std::lock_guard lock(mutex_);
    mail_.must_stop = true;
}

std::vector<lease_state> lease_mailbox::states() const
{
    const std::lock_guard lock(mutex_);
    return states_;
}

lease_mailbox::mail lease_mailbox::take()
{
    mail taken;
    const std::lock_guard lock(mutex_);
    std::swap(taken, mail_);
    return taken;
}

leased_work lease_mailbox::find_work(const std::string& name) const
{
    const std::lock_guard lock(mutex_);
    const auto found = assigned_.find(name);
    return found != assigned_.end() ? found->second.work : leased_work();
}

void lease_mailbox::forget(const std::string& name)
{
    std::map<std::string, assignment>::node_type over;
    const std::lock_guard lock(mutex_);
    for (const auto& each : mail_.orders) {
        if (each.is_assigned && each.name == name) return;
    }
    over = assigned_.extract(name);
}

void lease_mailbox::close()
{
    std::map<std::string, assignment> over;
    const std::lock_guard lock(mutex_);
    over.swap(assigned_);
    states_.clear();
}

void lease_mailbox::set_states(std::vector<lease_state> states)
{
    const std::lock_guard lock(mutex_);
    states_ = std::move(states);
}

}  // namespace ocpi::crud
