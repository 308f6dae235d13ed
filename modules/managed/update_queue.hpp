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

/// A session state in force since an instant.
struct queued_update {
    crud::object_key key;
    ci_string contract;
    date_time at;
    crud::revision revision = 0;
    std::shared_ptr<const std::string> json;
    bool has_settled = false;
};

/// Session changes not yet applied, by contract: changes of one contract are applied in order,
/// because a target set for the next session goes to the one that begins first. Bounded: of a
/// session with many changes the first are dropped, and beyond max_contracts or max_bytes none are
/// added. Readers compare session revisions, so that only the instants of changes are lost. Safe
/// from any thread.
class update_queue {
public:
    static constexpr std::size_t max_contracts = 100'000;
    static constexpr std::size_t max_of_session = 16;
    static constexpr std::size_t max_bytes = 64 * 1024 * 1024;

    void add(queued_update change);

    /// Contracts with changes that follow `folded`, in the order of their folded names; at most
    /// `most`.
    std::vector<ci_string> contracts_after(const std::string& folded, std::size_t most) const;

    /// Takes the changes of these contracts in order of revision. Until the caller has applied
    /// them, their effect is not visible to others.
    std::vector<queued_update> take(const std::vector<ci_string>& contracts);

    /// Returns changes that could not be applied yet.
    void put_back(std::vector<queued_update> changes);

private:
    /// The changes of one contract.
    struct contract_changes {
        /// In order of revision.
        std::vector<queued_update> changes;
        /// Number of changes of each session, by its folded key. A pull may bring ten thousand
        /// sessions of one contract, so `changes` is not searched for the count.
        std::unordered_map<std::string, std::size_t> count_of_session;
    };

    /// Requires the mutex.
    void insert(queued_update change);

    mutable std::mutex mutex_;
    std::map<std::string, contract_changes> by_contract_;  // guarded by mutex_
    std::size_t bytes_ = 0;                                // guarded by mutex_
};

}  // namespace ocpi::managed
