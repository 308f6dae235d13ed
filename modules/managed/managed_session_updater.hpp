#pragma once

#include "crud/crud.hpp"
#include "modules/managed/energy_prices.hpp"
#include "modules/managed/managed_store.hpp"
#include "modules/managed/policy_store.hpp"
#include "modules/managed/session_snapshot.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session_store.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/contract_id.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::managed {

/// Dependencies of a managed_session_updater; not null unless stated.
struct updater_dependencies {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<energy_prices> prices;
    /// The capabilities of our own EVSEs; nullptr: unknown.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Our parties that are CPOs.
    std::vector<party> own_cpo_parties;
};

/// Applies session and policy changes to the managed-session record: the policy that manages the
/// session, its target, the plan. Changes of one policy are applied one after another. Safe from
/// any thread and from several processes at once.
class managed_session_updater {
public:
    explicit managed_session_updater(updater_dependencies parts);

    /// Applies the session's state since `at`. No effect when that revision is already applied.
    boost::asio::awaitable<result<void>> apply_change(session_snapshot session, date_time at);

    /// Updates the plan of a managed session for each quarter-hour passed.
    boost::asio::awaitable<result<void>> keep_quarter_hours(session_snapshot session,
                                                            date_time now);

    /// Makes the plan of a managed session again with the prices in force since `at`.
    boost::asio::awaitable<result<void>> take_prices(session_snapshot session, date_time at);

    /// Sets a user target in place of the policy's; std::nullopt: restores the policy's. For the
    /// session in progress if it has one of these contracts (std::nullopt: any), else for the next
    /// one. Returns the target now in force as JSON, and its session.
    struct changed_target {
        std::string json;
        std::optional<crud::object_key> session;
    };
    boost::asio::awaitable<result<changed_target>> change_target(std::string policy_id,
                                                                 std::optional<target> wanted,
                                                                 contract_scope visible,
                                                                 date_time now);

    boost::asio::awaitable<result<void>> create_policy(policy rule);
    /// errc::not_found when there is none. The session in progress follows the new policy or is
    /// released; one that only awaits its final reading does not change.
    boost::asio::awaitable<result<void>> replace_policy(policy rule, date_time now);
    /// errc::not_found when there is none. The session in progress is released.
    boost::asio::awaitable<result<void>> remove_policy(std::string id);

    /// Records a request about to be sent to the CPO for a session, and the CPO's answer.
    boost::asio::awaitable<result<void>> note_request(crud::object_key key,
                                                      control_request request);
    boost::asio::awaitable<result<void>> note_answer(crud::object_key key, bool is_refused);

    boost::asio::awaitable<result<std::optional<session_snapshot>>> find_session(
        crud::object_key key);
    /// read_snapshot(), with meter registers checked against the maximum power of the session's
    /// EVSE.
    boost::asio::awaitable<std::optional<session_snapshot>> look(const crud::record& record);
    boost::asio::awaitable<price_curve> prices_for(const policy& rule,
                                                   const session_snapshot& session);
    bool is_own(const crud::object_key& key) const;

    policy_store& policies() noexcept { return policies_; }
    managed_store& records() noexcept { return records_; }

private:
    struct held_session {
        keyed_mutex::turn turn;
        stored_session record;

        held_session(keyed_mutex::turn of_policy, stored_session held)
            : turn(std::move(of_policy)), record(std::move(held))
        {
        }
    };

    /// The session of a policy that is charging or may still charge.
    struct session_under_way {
        stored_session record;
        session_snapshot session;

        session_under_way(stored_session remembered, session_snapshot looked)
            : record(std::move(remembered)), session(std::move(looked))
        {
        }
    };

    boost::asio::awaitable<result<std::optional<session_under_way>>> find_under_way(
        const stored_policy& under);
    boost::asio::awaitable<result<std::optional<held_session>>> hold(crud::object_key key);
    boost::asio::awaitable<result<void>> take_change_once(const session_snapshot& session,
                                                          date_time at);
    boost::asio::awaitable<result<void>> follow_settled(stored_session record,
                                                        const session_snapshot& session);
    boost::asio::awaitable<result<void>> follow(stored_policy under, stored_session record,
                                                const session_snapshot& session, date_time at);
    boost::asio::awaitable<result<void>> release_session(stored_policy under, stored_session record,
                                                         const session_snapshot& session);
    boost::asio::awaitable<result<bool>> is_newest(const stored_policy& under,
                                                   const session_snapshot& session);
    boost::asio::awaitable<bool> lacks_control(const session_snapshot& session);
    boost::asio::awaitable<result<void>> take_prices_once(const session_snapshot& session,
                                                          date_time at);
    boost::asio::awaitable<result<changed_target>> change_target_once(
        const std::string& policy_id, const std::optional<target>& wanted,
        const contract_scope& visible, date_time now);
    boost::asio::awaitable<result<void>> replace_policy_once(const policy& rule, date_time now);
    boost::asio::awaitable<result<void>> note_request_once(const crud::object_key& key,
                                                           const control_request& request);
    boost::asio::awaitable<result<void>> note_answer_once(const crud::object_key& key,
                                                          bool is_refused);

    updater_dependencies parts_;
    sessions::session_store sessions_;  ///< only read
    policy_store policies_;
    managed_store records_;
    keyed_mutex turns_;  ///< key: the policy
};

}  // namespace ocpi::managed
