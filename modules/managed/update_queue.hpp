#pragma once

#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::managed {

/// A state that a session has had since an instant.
struct queued_update {
    sessions::session_key key;
    ci_string contract;
    date_time at;
    crud::revision revision = 0;
    std::shared_ptr<const std::string> json;
    bool has_settled = false;
};

/// Changes of sessions that are yet to be looked at, by contract: what has happened to the sessions
/// of one contract is looked at in that order, for what was set for the next session goes to the
/// one that begins first. Bounded: of a session with many the first are passed over, and beyond
/// max_contracts or max_bytes nothing is taken; whoever looks at a session compares revisions, so
/// that nothing is lost by that but the instants. Safe from any thread.
class update_queue {
public:
    static constexpr std::size_t max_contracts = 100'000;
    static constexpr std::size_t max_of_session = 16;
    static constexpr std::size_t max_bytes = 64 * 1024 * 1024;

    void add(queued_update change);

    /// Of the contracts with changes, in the order of their folded names, those after that one;
    /// that many at most.
    std::vector<ci_string> contracts_after(const std::string& folded, std::size_t most) const;

    /// Takes the changes of these contracts, in the order of revisions. Whoever wants to see their
    /// effect must wait for whoever has taken them.
    std::vector<queued_update> take(const std::vector<ci_string>& contracts);

    /// What was taken could not have its effect yet.
    void put_back(std::vector<queued_update> changes);

private:
    /// Those of one contract.
    struct contract_changes {
        /// In the order of revisions.
        std::vector<queued_update> changes;
        /// How many there are of each session, by its folded key. A pull may bring ten thousand
        /// sessions of one contract, so they are not counted by looking through `changes`.
        std::unordered_map<std::string, std::size_t> count_of_session;
    };

    /// Only while the mutex is held.
    void insert(queued_update change);

    mutable std::mutex mutex_;
    std::map<std::string, contract_changes> by_contract_;  // guarded by mutex_
    std::size_t bytes_ = 0;                                // guarded by mutex_
};

}  // namespace ocpi::managed
