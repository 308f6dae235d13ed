#pragma once

#include "modules/managed/follower.hpp"
#include "modules/managed/pending_changes.hpp"
#include "modules/managed/price_changes.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/key_queue.hpp"
#include "ocpi/base/logger.hpp"

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

/// What a session_manager is made of; none is null but where it says so.
struct manager_parts {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<const clock> time;
    /// nullptr: all times of day cost the same.
    std::shared_ptr<energy_prices> prices;
    /// What our own EVSEs can do; nullptr: nothing is known of them.
    std::shared_ptr<sessions::evse_directory> evses;
    /// The way to the CPOs that are partners; nullptr: there is none.
    std::shared_ptr<sessions::preferences_forwarder> forwarder;
    /// Our parties that are CPOs: nobody is asked to control their sessions.
    std::vector<party> own_cpo_parties;
    /// nullptr: silence.
    std::shared_ptr<logger> log;
};

/// Lets the sessions of policies follow their targets, and tells how they stand. Safe from any
/// thread.
///
/// What it is told of by on_change() is worked on later: by the task that start() begins, or by
/// whoever asks first. So every answer takes into account all that was written before it was asked
/// for, and no write waits.
class session_manager final : public sessions::change_listener,
                              public std::enable_shared_from_this<session_manager> {
public:
    explicit session_manager(manager_parts parts);
    ~session_manager() override;

    /// Works on changes as they come, keeps the quarter-hours, and asks CPOs to keep to targets,
    /// upon this executor. Does nothing while it does so already.
    void start(boost::asio::any_io_executor executor);
    /// Ends all that; to be awaited before the executor's context ends.
    boost::asio::awaitable<void> stop();

    void on_change(const sessions::session_change& change) noexcept override;

    /// Prices of that CPO have changed: the plans of its sessions under way are made anew.
    void on_price_change(const party& owner) noexcept;

    /// Stores a new policy. Sessions under way that it is about are managed from now on.
    boost::asio::awaitable<result<void>> create_policy(policy rule);
    /// errc::not_found when there is none. The session under way follows the new rule from now
    /// on, or is not managed any more.
    boost::asio::awaitable<result<void>> replace_policy(policy rule);
    /// errc::not_found when there is none. The session under way is not managed any more; those
    /// that have settled stay as they are.
    boost::asio::awaitable<result<void>> remove_policy(std::string id);
    policy_store& policies() noexcept { return follower_.policies(); }

    /// The session under way, or the one to come, as JSON; the latter has an id once the CPO has
    /// sent it. errc::not_found when there is no such policy. For those who may see sessions of
    /// these contracts only (nothing: of all) another one is not there.
    boost::asio::awaitable<result<std::string>> current_session(
        std::string policy_id, std::optional<std::vector<ci_string>> visible = {});

    /// Sets the user's target, or ends it (nothing); returns the one that counts now as JSON. Those
    /// who may see sessions of these contracts only (nothing: of all) set that of the session under
    /// way if they may see it, else that of the next one.
    boost::asio::awaitable<result<std::string>> change_target(
        std::string policy_id, std::optional<target> wanted,
        std::optional<std::vector<ci_string>> visible = {});

    /// The managed view of a stored session as JSON; errc::not_found while it has none: it is
    /// invalid, or no policy manages it and it has not settled.
    boost::asio::awaitable<result<std::string>> view(crud::record session);

    /// By which policy a stored session with these fields is managed; nothing when by none.
    boost::asio::awaitable<result<std::optional<policy>>> policy_of(sessions::session_key key,
                                                                    sessions::session fields);

private:
    friend class background;

    boost::asio::awaitable<result<std::optional<std::string>>> view_under_way(
        const stored_policy& under, const std::optional<std::vector<ci_string>>& visible);
    boost::asio::awaitable<result<std::optional<std::string>>> find_awaited(
        const std::vector<looked_at>& live, const std::string& policy_id,
        const std::optional<std::vector<ci_string>>& visible);
    date_time not_after_now(date_time at) const;

    /// Works on all that has happened to the sessions of that contract. What fails is kept, and
    /// keeps no other session from being worked on.
    boost::asio::awaitable<result<void>> work_on(ci_string contract);
    boost::asio::awaitable<result<void>> work_on_all(std::vector<ci_string> contracts);
    boost::asio::awaitable<result<std::optional<managed_session>>> find_known(
        const looked_at& session);
    boost::asio::awaitable<result<std::optional<managed_session>>> up_to_date(looked_at session);
    boost::asio::awaitable<result<std::string>> view_of_upcoming(const looked_at& session);
    boost::asio::awaitable<result<void>> take_new_prices(const looked_at& session);
    /// Of all sessions that have not settled.
    boost::asio::awaitable<void> take_all_new_prices();
    boost::asio::awaitable<result<std::vector<looked_at>>> live_sessions(
        std::vector<ci_string> contracts);
    boost::asio::awaitable<result<void>> adopt(const std::vector<looked_at>& live);
    boost::asio::awaitable<result<void>> adopt_sessions(const policy& rule);
    /// For each policy without a session under way.
    boost::asio::awaitable<void> adopt_all_sessions();
    /// Of all sessions that have not settled.
    boost::asio::awaitable<void> keep_quarter_hours();
    boost::asio::awaitable<result<void>> keep_quarter_hour(sessions::session_key key);
    boost::asio::awaitable<void> ask_for_control(sessions::session_key key);
    std::shared_ptr<background> find_background();
    void want_control(const sessions::session_key& key);

    const manager_parts parts_;
    sessions::session_store sessions_;  ///< only read
    follower follower_;
    pending_changes pending_;
    price_changes new_prices_;
    key_queue turns_;          ///< by the first of the contracts that share a policy
    key_queue control_turns_;  ///< by CPO, some for each
    std::atomic<bool> is_stopping_ = false;
    std::mutex mutex_;
    std::shared_ptr<background> background_;  // guarded by mutex_
};

}  // namespace ocpi::managed
