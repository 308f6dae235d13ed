#pragma once

#include "modules/managed/managed_session_updater.hpp"
#include "modules/managed/price_changes.hpp"
#include "modules/managed/timeline.hpp"
#include "modules/managed/update_queue.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::managed {

class background;

/// Dependencies of a managed_session_service; not null unless stated.
struct service_dependencies {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<const clock> time;
    /// nullptr: energy costs the same at all times.
    std::shared_ptr<energy_prices> prices;
    /// The capabilities of our own EVSEs; nullptr: unknown.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Sends preferences to partner CPOs; nullptr: none are sent.
    std::shared_ptr<sessions::preferences_forwarder> forwarder;
    /// Our parties that are CPOs: no preferences are sent for their sessions.
    std::vector<party> own_cpo_parties;
    /// nullptr: no log.
    std::shared_ptr<logger> log;
};

/// Charges the sessions of policies towards their targets and reports their state. Safe from any
/// thread.
///
/// Changes reported by on_change() are applied later: by the task of start(), or by the next query.
/// So every answer includes all writes completed before the query, and no write waits.
class managed_session_service final : public sessions::change_listener,
                                      public std::enable_shared_from_this<managed_session_service> {
public:
    explicit managed_session_service(service_dependencies parts);
    ~managed_session_service() override;

    /// Starts a task on this executor that applies changes, updates plans each quarter-hour and
    /// sends preferences to CPOs. No effect while it is running.
    void start(boost::asio::any_io_executor executor);
    /// Stops the task; await it before the executor's context ends.
    boost::asio::awaitable<void> stop();

    void on_change(const sessions::session_change& change) noexcept override;

    /// The prices of that CPO have changed: the plans of its sessions in progress are made again.
    void on_price_change(const party& owner) noexcept;

    /// Stores a new policy. Matching sessions in progress are managed from now on.
    boost::asio::awaitable<result<void>> create_policy(policy rule);
    /// errc::not_found when there is none. The session in progress follows the new policy from now
    /// on, or is no longer managed.
    boost::asio::awaitable<result<void>> replace_policy(policy rule);
    /// errc::not_found when there is none. The session in progress is no longer managed; settled
    /// sessions do not change.
    boost::asio::awaitable<result<void>> remove_policy(std::string id);
    policy_store& policies() noexcept { return updater_.policies(); }

    /// The session under way, or the next one, as JSON; the latter has an id once the CPO has sent
    /// it. errc::not_found when there is no such policy. `visible`: the contracts whose sessions
    /// the caller may see; a session of another one is not found.
    boost::asio::awaitable<result<std::string>> current_session(std::string policy_id,
                                                                contract_scope visible = {});

    /// Sets the user's target, or ends it (nothing); returns the one that counts now as JSON. Those
    /// who may see sessions of these contracts only (nothing: of all) set that of the session under
    /// way if they may see it, else that of the next one.
    boost::asio::awaitable<result<std::string>> change_target(std::string policy_id,
                                                              std::optional<target> wanted,
                                                              contract_scope visible = {});

    /// The managed view of a stored session as JSON; errc::not_found while it has none: it is
    /// invalid, or it has not settled and no policy manages it.
    boost::asio::awaitable<result<std::string>> view(crud::record session);

    /// What happened in a stored session over time, whatever its state, managed or not.
    boost::asio::awaitable<result<session_timeline>> timeline(crud::record session);

    /// The policy that manages a stored session with these fields; std::nullopt when none does.
    boost::asio::awaitable<result<std::optional<policy>>> policy_of(crud::object_key key,
                                                                    sessions::session fields);

private:
    friend class background;

    boost::asio::awaitable<result<std::optional<std::string>>> view_under_way(
        const stored_policy& under, const contract_scope& visible);
    boost::asio::awaitable<result<std::optional<std::string>>> find_awaited(
        const std::vector<session_snapshot>& live, const std::string& policy_id,
        const contract_scope& visible);
    date_time not_after_now(date_time at) const;

    /// Applies all queued changes of that contract's sessions. Failed changes stay queued and do
    /// not block other sessions.
    boost::asio::awaitable<result<void>> work_on(ci_string contract);
    boost::asio::awaitable<result<void>> work_on_all(std::vector<ci_string> contracts);
    boost::asio::awaitable<result<std::optional<managed_session>>> find_known(
        const session_snapshot& session);
    boost::asio::awaitable<result<std::optional<managed_session>>> up_to_date(
        session_snapshot session);
    boost::asio::awaitable<result<std::string>> view_of_upcoming(const session_snapshot& session);
    boost::asio::awaitable<result<void>> take_new_prices(const session_snapshot& session);
    /// Of all sessions that have not settled.
    boost::asio::awaitable<void> take_all_new_prices();
    boost::asio::awaitable<result<std::vector<session_snapshot>>> live_sessions(
        std::vector<ci_string> contracts);
    boost::asio::awaitable<result<void>> adopt(const std::vector<session_snapshot>& live);
    boost::asio::awaitable<result<void>> adopt_sessions(const policy& rule);
    /// For each policy without a session in progress.
    boost::asio::awaitable<void> adopt_all_sessions();
    /// Of all sessions that have not settled.
    boost::asio::awaitable<void> keep_quarter_hours();
    boost::asio::awaitable<result<void>> keep_quarter_hour(crud::object_key key);
    boost::asio::awaitable<void> ask_for_control(crud::object_key key);
    std::shared_ptr<background> find_background();
    void send_preferences(const crud::object_key& key);

    const service_dependencies parts_;
    sessions::session_store sessions_;  ///< only read
    managed_session_updater updater_;
    update_queue pending_;
    price_changes new_prices_;
    keyed_mutex turns_;          ///< key: the first of the contracts that share a policy
    keyed_mutex control_turns_;  ///< keys: by CPO, several for each
    std::atomic<bool> is_stopping_ = false;
    std::mutex mutex_;
    std::shared_ptr<background> background_;  // guarded by mutex_
};

}  // namespace ocpi::managed
