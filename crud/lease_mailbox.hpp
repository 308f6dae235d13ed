#pragma once

#include "crud/lease_keeper.hpp"
#include "crud/leases.hpp"

#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

namespace ocpi::crud {

/// Between a running lease_keeper's driver and other threads: what they have ordered, and the
/// states that they ask for. Safe from any thread.
class lease_mailbox {
public:
    struct order {
        std::string name;
        /// False: it was withdrawn.
        bool is_assigned = false;
    };
    /// What the driver has not taken yet.
    struct mail {
        std::vector<order> orders;
        std::vector<held_lease> lost;
        bool must_stop = false;
    };

    void assign(const std::string& name, leased_work work);
    /// Requested when its work has ended; without a state if there is none of that name.
    std::stop_token withdraw(const std::string& name);
    void report_loss(const held_lease& lost);
    void stop();
    std::vector<lease_state> states() const;

    // For the driver.

    mail take();
    /// Without a function if there is none of that name.
    leased_work find_work(const std::string& name) const;
    /// The work of that name has ended for good, unless it has been assigned again meanwhile.
    void forget(const std::string& name);
    /// The work of all names has ended, and the driver ends.
    void close();
    void set_states(std::vector<lease_state> states);

private:
    /// The work of a name, from assign() until it has ended for good.
    struct assignment {
        leased_work work;
        std::stop_source ended;

        assignment() = default;
        assignment(assignment&&) = default;
        assignment& operator=(assignment&&) = delete;
        ~assignment()
        {
            if (ended.stop_possible()) ended.request_stop();
        }
    };

    mutable std::mutex mutex_;
    mail mail_;                                   // guarded by mutex_
    std::map<std::string, assignment> assigned_;  // guarded by mutex_
    std::vector<lease_state> states_;             // guarded by mutex_
};

}  // namespace ocpi::crud
