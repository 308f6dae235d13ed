#pragma once

#include "crud/crud.hpp"
#include "crud/object_key.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/party.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::managed {

/// A session as it was written, not yet applied.
struct queued_change {
    crud::object_key key;
    date_time at;
    crud::revision revision = 0;
    /// nullptr: another process has written it, and it is read when it is applied.
    std::shared_ptr<const std::string> json;
    bool has_settled = false;
};

/// A mailbox for each policy: the session changes not yet applied, in order of revision, because a
/// target set for the next session goes to the one that begins first. Bounded: of a session with
/// many changes the oldest are dropped, and beyond max_policies or max_bytes none are added.
/// Readers compare revisions, so that only the instants of dropped changes are lost. Safe from any
/// thread.
class mailboxes {
public:
    static constexpr std::size_t max_policies = 100'000;
    static constexpr std::size_t max_of_session = 16;
    static constexpr std::size_t max_bytes = 64 * 1024 * 1024;

    void post(const std::string& policy_id, queued_change change);

    /// Policies with changes whose ids follow `after`, in order; at most `limit`.
    std::vector<std::string> waiting(const std::string& after, std::size_t limit) const;

    /// Empties a mailbox.
    std::deque<queued_change> take(const std::string& policy_id);

    /// Returns changes that could not be applied yet.
    void put_back(const std::string& policy_id, std::vector<queued_change> changes);

private:
    struct mailbox {
        std::deque<queued_change> changes;
        std::unordered_map<crud::object_key, std::size_t> count_of_session;
    };

    /// Requires the mutex.
    void insert(const std::string& policy_id, queued_change change);

    mutable std::mutex mutex_;
    std::map<std::string, mailbox> by_policy_;  // guarded by mutex_
    std::size_t bytes_ = 0;                     // guarded by mutex_
};

/// The latest price change of each CPO, until all plans include it. To apply one twice to a session
/// has no effect. Safe from any thread.
class price_mailbox {
public:
    void post(const party& owner, date_time at);

    /// std::nullopt: all plans of that CPO's sessions include its prices.
    std::optional<date_time> pending_for(const party& owner) const;

    /// The number of the last change; 0 when none is pending.
    std::uint64_t latest() const;

    /// All plans include the changes up to that one.
    void remove(std::uint64_t number);

private:
    mutable std::mutex mutex_;
    std::map<std::string, date_time> by_owner_;  // guarded by mutex_, like what follows
    std::uint64_t changes_ = 0;
};

}  // namespace ocpi::managed
