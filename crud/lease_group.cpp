#include "crud/lease_group.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::crud {

lease_group::lease_group(const std::shared_ptr<Crud>& crud, std::shared_ptr<lease_keeper> shared)
    : is_own_(!shared), keeper_(shared ? std::move(shared) : std::make_shared<lease_keeper>(crud))
{
}

lease_group::~lease_group()
{
    ask_to_stop();
}

void lease_group::start(boost::asio::any_io_executor executor)
{
    if (is_own_) keeper_->start(std::move(executor));
}

void lease_group::assign(const std::string& name, leased_work work)
{
    {
        const std::lock_guard lock(mutex_);
        if (!names_.insert(name).second) return;
    }
    keeper_->assign(name, std::move(work));
}

void lease_group::withdraw(const std::string& name)
{
    {
        const std::lock_guard lock(mutex_);
        if (names_.erase(name) == 0) return;
    }
    keeper_->withdraw(name);
}

bool lease_group::is_held(const std::string& name) const
{
    if (is_sole()) return true;
    const auto all = keeper_->report();
    return std::any_of(all.begin(), all.end(),
                       [&](const lease_state& each) { return each.name == name && each.is_held; });
}

std::set<std::string> lease_group::take_names()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(names_, {});
}

void lease_group::ask_to_stop()
{
    const std::lock_guard lock(mutex_);
    for (const auto& name : names_) keeper_->withdraw(name);
}

boost::asio::awaitable<void> lease_group::stop()
{
    ask_to_stop();
    const auto names = take_names();
    for (const auto& name : names) co_await keeper_->end(name);
    if (is_own_) co_await keeper_->stop();
}

}  // namespace ocpi::crud
