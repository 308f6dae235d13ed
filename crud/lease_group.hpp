#pragma once

#include "crud/lease_keeper.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace ocpi::crud {

/// The leased work of one component, which ends together: at the keeper that all components share,
/// or at one of its own. Safe from any thread. The destructor asks the work to end and does not
/// wait.
class lease_group {
public:
    /// `shared`: is started before this group and stopped after it. nullptr: the group has a keeper
    /// of its own.
    lease_group(const std::shared_ptr<Crud>& crud, std::shared_ptr<lease_keeper> shared);
    ~lease_group();
    lease_group(const lease_group&) = delete;
    lease_group& operator=(const lease_group&) = delete;

    /// Before anything is assigned.
    void start(boost::asio::any_io_executor executor);

    /// No effect while that name is assigned.
    void assign(const std::string& name, leased_work work);
    void withdraw(const std::string& name);

    /// Asks all work to end.
    void ask_to_stop();
    /// The same, and resumes when it has ended.
    boost::asio::awaitable<void> stop();

    /// Always where the store has no leases.
    bool is_held(const std::string& name) const;
    bool is_sole() const noexcept { return keeper_->is_sole(); }

private:
    std::set<std::string> take_names();

    const bool is_own_;
    const std::shared_ptr<lease_keeper> keeper_;
    std::mutex mutex_;
    std::set<std::string> names_;  // guarded by mutex_
};

}  // namespace ocpi::crud
