#pragma once

#include "crud/crud.hpp"
#include "crud/lease_fsm.hpp"
#include "crud/lease_options.hpp"
#include "crud/lease_tenure.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ocpi::crud {

/// Work of one name, for as long as this process holds the lease of that name.
struct leased_work {
    /// Runs on a strand of its own, at each tenure once, and ends when the tenure's stop is
    /// requested. If it ends earlier, or throws, it begins again later, here or elsewhere.
    std::function<boost::asio::awaitable<void>(lease_tenure)> run;
    /// True: it does not look at the stop_token, and is ended at its next step by an Asio
    /// cancellation (terminal).
    bool is_cancelled_at_end = false;
};

/// Does work that one of several processes on a store does at a time, whenever it is this one's
/// turn. Where the store has no leases, it is always. The driver of lease_fsm. Safe from any
/// thread. The destructor asks the work to end, does not wait and gives no lease back.
class lease_keeper {
public:
    explicit lease_keeper(std::shared_ptr<Crud> crud, lease_keeper_options options = {});
    ~lease_keeper();
    lease_keeper(const lease_keeper&) = delete;
    lease_keeper& operator=(const lease_keeper&) = delete;

    /// No effect while running. The work runs on this executor.
    void start(boost::asio::any_io_executor executor);

    /// Ends all work, gives the leases back and resumes then.
    boost::asio::awaitable<void> stop();

    /// Whether all leases are this process's, because the store is.
    bool is_sole() const noexcept;

    /// There is work of that name: it begins when earlier work of that name has ended. No effect
    /// unless running.
    void assign(const std::string& name, leased_work work);

    /// There is none any more: asks it to end.
    void withdraw(const std::string& name);

    /// The same, and resumes when it has ended.
    boost::asio::awaitable<void> end(std::string name);

    /// The names that there is work for, and which of them are held. Empty while not running.
    std::vector<lease_state> report() const;

private:
    class impl;
    std::shared_ptr<impl> find_running() const;

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<leases> leases_;
    const lease_keeper_options options_;
    mutable std::mutex mutex_;
    std::shared_ptr<impl> running_;  // guarded by mutex_
};

/// A name for this start of this process: host, process id and a random number.
std::string make_lease_holder();

}  // namespace ocpi::crud
