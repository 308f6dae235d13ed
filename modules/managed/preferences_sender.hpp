#pragma once

#include "modules/managed/policy_events.hpp"
#include "modules/managed/snapshot_reader.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::managed {

/// The request that the CPO has to be sent for a session at `now`: std::nullopt when it has
/// answered one for that target and deadline, or there is no target.
std::optional<control_request> due_request(const managed_session& session,
                                           const sessions::session_data& seen, date_time now);

/// True if the CPO has not been sent the target in force, answered or not, as far as the record
/// tells.
bool has_unsent_target(const managed_session& session, date_time now);

/// Sends the targets of sessions to partner CPOs as charging preferences: to each CPO for four
/// sessions at a time at most, and for one session once at a time. Safe from any thread.
class preferences_sender {
public:
    /// `forwarder`: nullptr: none are sent.
    preferences_sender(std::shared_ptr<sessions::preferences_forwarder> forwarder,
                       std::shared_ptr<const clock> time, snapshot_reader& reader,
                       policy_events& events);

    /// False for our own sessions.
    bool sends_for(const crud::object_key& key) const;

    /// Sends the due request of a session, if there is one. If the CPO is not a registered partner
    /// or does not answer, the request stays due.
    boost::asio::awaitable<void> send(crud::object_key key);

private:
    const std::shared_ptr<sessions::preferences_forwarder> forwarder_;
    const std::shared_ptr<const clock> time_;
    snapshot_reader& reader_;
    policy_events& events_;
    keyed_mutex turns_;  ///< keys: by CPO, several for each
};

}  // namespace ocpi::managed
