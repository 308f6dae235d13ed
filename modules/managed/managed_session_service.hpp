#pragma once

#include "crud/lease_group.hpp"
#include "crud/store_watch.hpp"
#include "modules/managed/policy_events.hpp"
#include "modules/managed/preferences_sender.hpp"
#include "modules/managed/scheduler.hpp"
#include "modules/managed/snapshot_reader.hpp"
#include "modules/managed/timeline.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::managed {

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
    /// By which the process finds out whether the care of policies is its own; nullptr: the
    /// service has a keeper of its own.
    std::shared_ptr<crud::lease_keeper> leases;
};

/// Charges the sessions of policies towards their targets and reports their state. Safe from any
/// thread.
///
/// Changes reported by on_change() are applied later: by the scheduler, or by the next query. So
/// every answer includes all writes completed before the query, and no write waits.
///
/// Where there are several processes, the one that holds the lease `policies` runs the scheduler,
/// and follows what all of them write about sessions (policy_follower). Queries at any process
/// apply what they need to show and is not applied yet; their writes are judged by revision.
class managed_session_service final : public sessions::change_listener,
                                      public crud::store_listener,
                                      public std::enable_shared_from_this<managed_session_service> {
public:
    explicit managed_session_service(service_dependencies dependencies);

    /// Runs the scheduler on this executor, whenever it is this process's turn. No effect while it
    /// is running.
    void start(boost::asio::any_io_executor executor);
    /// Stops the scheduler; await it before the executor's context ends.
    boost::asio::awaitable<void> stop() { return leases_->stop(); }
    /// Looks at the clock now rather than within a second, and retries what has failed.
    void look_now() noexcept;

    void on_change(const sessions::session_change& change) noexcept override;
    /// While the scheduler runs, there are policies, and one process has the store: another may
    /// write to it all the same.
    void on_foreign_change(const sessions::foreign_change& change) noexcept override;
    bool wants_foreign_changes() const noexcept override;
    void on_store_revision(crud::revision at) noexcept override;
    /// While it has the care of policies.
    bool is_waited_for() const noexcept override;

    /// The prices of that CPO have changed, by whatever process: the plans of its sessions in
    /// progress are made again. No effect while another process has the care of policies.
    void on_price_change(const party& owner) noexcept;

    /// Stores a new policy. Matching sessions in progress are managed from now on.
    boost::asio::awaitable<result<void>> create_policy(policy rule);
    /// errc::not_found when there is none. The session in progress follows the new policy from now
    /// on, or is no longer managed.
    boost::asio::awaitable<result<void>> replace_policy(policy rule);
    /// errc::not_found when there is none. The session in progress is no longer managed; settled
    /// sessions do not change.
    boost::asio::awaitable<result<void>> remove_policy(std::string id);
    policy_store& policies() noexcept { return events_.policies(); }
    /// The sessions that the views are made of.
    sessions::snapshot_source& snapshots() noexcept { return reader_.snapshots(); }

    /// The session under way, or the next one, as JSON; the latter has an id once the CPO has sent
    /// it. errc::not_found when there is no such policy. `visible`: the contracts whose sessions
    /// the caller may see; a session of another one is not found.
    boost::asio::awaitable<result<std::string>> current_session(std::string policy_id,
                                                                contract_scope visible = {});

    /// Sets a user target in place of the policy's; std::nullopt: returns to the policy's. For the
    /// session under way if its contract is `visible`, else for the next one. Returns the target
    /// now in force as JSON.
    boost::asio::awaitable<result<std::string>> change_target(std::string policy_id,
                                                              std::optional<target> wanted,
                                                              contract_scope visible = {});

    /// The managed view of a stored session as JSON; errc::not_found while it has none: it is
    /// invalid, or it has not settled and no policy manages it.
    boost::asio::awaitable<result<std::string>> view(crud::record record);

    /// What happened in a stored session over time, whatever its state, managed or not.
    boost::asio::awaitable<result<session_timeline>> timeline(crud::record session);

    /// How current the policies must be: as of the call, or of the last second.
    enum class policy_age { none, recent };

    /// The policy that manages a stored session with these fields; std::nullopt when none does.
    boost::asio::awaitable<result<std::optional<policy>>> policy_of(
        crud::object_key key, const sessions::session& fields, policy_age age = policy_age::none);

private:
    class policy_care;

    boost::asio::awaitable<void> run_scheduler(boost::asio::any_io_executor executor,
                                               date_time quarter_hour, crud::lease_tenure tenure);
    boost::asio::awaitable<void> take_care(boost::asio::any_io_executor executor,
                                           crud::lease_tenure tenure);
    std::shared_ptr<policy_care> current_care() const;
    void set_care(std::shared_ptr<policy_care> current);
    void send_preferences(const crud::object_key& key);
    boost::asio::awaitable<result<void>> apply_pending(std::string policy_id);
    boost::asio::awaitable<result<std::optional<std::string>>> view_under_way(
        const stored_policy& under, const contract_scope& visible);
    boost::asio::awaitable<result<std::optional<std::string>>> find_upcoming(
        const std::vector<session_ptr>& live, const std::string& policy_id,
        const contract_scope& visible);
    boost::asio::awaitable<result<std::optional<managed_session>>> up_to_date(session_ptr session);
    boost::asio::awaitable<result<std::string>> view_of_upcoming(session_ptr session);

    const std::shared_ptr<const clock> time_;
    const std::shared_ptr<sessions::preferences_forwarder> forwarder_;
    const std::shared_ptr<logger> log_;
    const std::shared_ptr<crud::lease_group> leases_;
    snapshot_reader reader_;
    policy_events events_;
    preferences_sender sender_;
    scheduler scheduler_;
    mutable std::mutex mutex_;
    /// Where there are several processes, while the care of policies is this one's.
    std::shared_ptr<policy_care> care_;  // guarded by mutex_
};

}  // namespace ocpi::managed
