#pragma once

#include "modules/managed/event_processor.hpp"
#include "modules/managed/mailbox.hpp"
#include "modules/managed/managed_store.hpp"
#include "modules/managed/policy_store.hpp"
#include "modules/managed/snapshot_reader.hpp"
#include "modules/managed/transition.hpp"
#include "modules/sessions/change_listener.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::managed {

/// The events of policies and their sessions, applied one after another for each policy. An event
/// that a caller waits for is applied in the caller's turn; session changes wait in the policy's
/// mailbox until it is drained. Safe from any thread and from several processes at once.
class policy_events {
public:
    /// Called with a session whose CPO may have to be sent other preferences.
    using update_handler = std::function<void(const crud::object_key&)>;

    /// What is read of policies and their records is read from this store, and written to it.
    policy_events(std::shared_ptr<Crud> crud, std::shared_ptr<const clock> time,
                  snapshot_reader& reader, update_handler on_update);

    /// Adds a change to the mailbox of each policy with the session's contract. False if there is
    /// none.
    bool post(const sessions::session_change& change);
    /// The same for a change that was found in the store.
    bool post(const crud::record& session);

    /// The same of a change by another process, once take_foreign() has looked which policies it
    /// concerns. False if it can concern none.
    bool post_foreign(const sessions::foreign_change& change);
    /// Adds the changes by other processes to the mailboxes.
    boost::asio::awaitable<result<void>> take_foreign();

    /// The prices of that CPO have changed.
    void post_prices(const party& owner);

    /// Applies the changes in a policy's mailbox. Failed changes stay there and do not block other
    /// sessions.
    boost::asio::awaitable<result<void>> drain(std::string policy_id);

    /// Applies a session's state since `at`. No effect if it is already applied, or if no policy
    /// manages it.
    boost::asio::awaitable<result<void>> follow(session_ptr session, date_time at);

    /// Manages those of the latest sessions of these contracts that are not over: they were there
    /// before the policy, or another process has written them, or the process ended before their
    /// change was applied.
    boost::asio::awaitable<result<void>> adopt_latest(std::vector<ci_string> contracts);
    /// The same for sessions that were read.
    boost::asio::awaitable<result<void>> adopt(std::vector<session_ptr> live);

    /// Applies an event to the record of a managed session.
    boost::asio::awaitable<result<void>> apply_to(session_ptr session, event what, date_time at);

    /// The record of a session with all earlier changes applied; std::nullopt when no policy
    /// manages it.
    boost::asio::awaitable<result<std::optional<managed_session>>> record_of(session_ptr session);

    /// Plans with the prices in force now, if those of the session's CPO have changed.
    boost::asio::awaitable<result<void>> apply_prices(session_ptr session);

    /// Applies target_set or rule_replaced. The state has the session under way if there is one
    /// that is `visible`. errc::not_found when there is no such policy.
    boost::asio::awaitable<result<managed_state>> apply_to_policy(std::string policy_id, event what,
                                                                  date_time now,
                                                                  contract_scope visible = {});

    /// errc::not_found when there is none. The session in progress is released.
    boost::asio::awaitable<result<void>> remove_policy(std::string policy_id);

    policy_store& policies() noexcept { return policies_; }
    const policy_store& policies() const noexcept { return policies_; }
    managed_store& records() noexcept { return records_; }
    const mailboxes& changes() const noexcept { return changes_; }
    price_mailbox& prices() noexcept { return prices_; }

private:
    /// With the times of their changes.
    using moved_sessions = std::vector<std::pair<session_ptr, date_time>>;

    /// A change by another process, until the policies are known that it concerns.
    struct foreign_entry {
        ci_string contract;
        queued_change change;

        foreign_entry(ci_string under, queued_change what)
            : contract(std::move(under)), change(std::move(what))
        {
        }
    };
    /// Beyond, changes are found by their revision when a plan is made again.
    static constexpr std::size_t max_foreign = 100'000;

    boost::asio::awaitable<result<void>> drain_locked(const std::string& policy_id,
                                                      moved_sessions& moved);
    bool post(const std::optional<ci_string>& contract, const queued_change& change);
    boost::asio::awaitable<result<session_ptr>> read(const queued_change& change);
    bool has_mailbox(const std::string& policy_id, const session_snapshot& session) const;
    date_time not_after_now(date_time at) const;

    const std::shared_ptr<const clock> time_;
    snapshot_reader& reader_;
    const update_handler on_update_;
    policy_store policies_;
    managed_store records_;
    mailboxes changes_;
    price_mailbox prices_;
    std::mutex mutex_;
    std::vector<foreign_entry> foreign_;  // guarded by mutex_
    event_processor processor_;
    keyed_mutex turns_;  ///< key: the policy
};

}  // namespace ocpi::managed
