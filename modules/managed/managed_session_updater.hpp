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

/// What a managed_session_updater is made of; none is null but where it says so.
struct updater_dependencies {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<energy_prices> prices;
    /// What our own EVSEs can do; nullptr: nothing is known of them.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Our parties that are CPOs.
    std::vector<party> own_cpo_parties;
};

/// Takes each thing that happens to a session or to a policy into what is remembered of managed
/// sessions: by which policy a session is managed, what it is charged towards, the plan. For one
/// policy one thing happens after another. Safe from any thread, and from several processes at
/// once.
class managed_session_updater {
public:
    explicit managed_session_updater(updater_dependencies parts);

    /// The session is as it is since `at`. Nothing happens when that revision is known already.
    boost::asio::awaitable<result<void>> apply_change(session_snapshot session, date_time at);

    /// Keeps the quarter-hours that have passed for a managed session.
    boost::asio::awaitable<result<void>> keep_quarter_hours(session_snapshot session,
                                                            date_time now);

    /// Makes the plan of a managed session anew by the prices that there are since `at`.
    boost::asio::awaitable<result<void>> take_prices(session_snapshot session, date_time at);

    /// A target of the user in place of the policy's; nothing: the policy's again. For the session
    /// under way if it has one of these contracts (nothing: whichever it has), else for the next
    /// one. Returns the target that counts now as JSON, and the session it is for.
    struct changed_target {
        std::string json;
        std::optional<sessions::session_key> session;
    };
    boost::asio::awaitable<result<changed_target>> change_target(std::string policy_id,
                                                                 std::optional<target> wanted,
                                                                 contract_scope visible,
                                                                 date_time now);

    boost::asio::awaitable<result<void>> create_policy(policy rule);
    /// errc::not_found when there is none. The session under way follows the new rule, or is let
    /// go; one that is over but for its final reading stays as it is.
    boost::asio::awaitable<result<void>> replace_policy(policy rule, date_time now);
    /// errc::not_found when there is none. The session under way is let go.
    boost::asio::awaitable<result<void>> remove_policy(std::string id);

    /// The CPO is about to be asked for that on behalf of a session; and has answered to it.
    boost::asio::awaitable<result<void>> note_request(sessions::session_key key,
                                                      control_request request);
    boost::asio::awaitable<result<void>> note_answer(sessions::session_key key, bool is_refused);

    boost::asio::awaitable<result<std::optional<session_snapshot>>> find_session(
        sessions::session_key key);
    /// read_snapshot(), with the meter's registers judged by what the session's EVSE can deliver.
    boost::asio::awaitable<std::optional<session_snapshot>> look(const crud::record& record);
    boost::asio::awaitable<price_curve> prices_for(const policy& rule,
                                                   const session_snapshot& session);
    bool is_own(const sessions::session_key& key) const;

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

    /// The session of a policy that is charged still, or may be.
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
    boost::asio::awaitable<result<std::optional<held_session>>> hold(sessions::session_key key);
    boost::asio::awaitable<result<void>> take_change_once(const session_snapshot& session,
                                                          date_time at);
    boost::asio::awaitable<result<void>> follow_settled(stored_session record,
                                                        const session_snapshot& session);
    boost::asio::awaitable<result<void>> follow(stored_policy under, stored_session record,
                                                const session_snapshot& session, date_time at);
    boost::asio::awaitable<result<void>> let_go(stored_policy under, stored_session record,
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
    boost::asio::awaitable<result<void>> note_request_once(const sessions::session_key& key,
                                                           const control_request& request);
    boost::asio::awaitable<result<void>> note_answer_once(const sessions::session_key& key,
                                                          bool is_refused);

    updater_dependencies parts_;
    sessions::session_store sessions_;  ///< only read
    policy_store policies_;
    managed_store records_;
    keyed_mutex turns_;  ///< by policy
};

}  // namespace ocpi::managed
