#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/policy_store.hpp"
#include "modules/managed/price_curve.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <variant>

/// What happens to a policy and one of its sessions, as one pure function: no store, no clock.
namespace ocpi::managed {

using sessions::session_ptr;
using sessions::session_snapshot;

/// The OCPI Session has changed since the session's record was written.
struct session_changed {};

/// The energy prices have changed.
struct prices_changed {};

/// A quarter-hour or more may have passed.
struct quarter_hour {};

/// A user sets a target, or (std::nullopt) returns to the policy's. Without a session under way it
/// is for the next one.
struct target_set {
    std::optional<target> wanted;
};

/// An operator replaces the policy. The session under way follows it or is released.
struct rule_replaced {
    policy rule;
};

/// The request is about to be sent to the CPO as charging preferences.
struct preferences_sent {
    control_request request;
};

/// The CPO has answered the last request.
struct preferences_answered {
    bool is_refused = false;
};

using event = std::variant<session_changed, prices_changed, quarter_hour, target_set, rule_replaced,
                           preferences_sent, preferences_answered>;

/// What is stored of a policy and of the session that the event is about, and which of the two
/// records an event has changed.
struct managed_state {
    /// std::nullopt: there is no such policy any more.
    std::optional<stored_policy> policy;
    /// std::nullopt: the session is not managed, or there is none.
    std::optional<managed_session> session;
    bool is_policy_changed = false;
    /// Changed, or removed if there is no session now.
    bool is_session_changed = false;
};

/// What an event needs to know beside the state.
struct event_inputs {
    /// The OCPI Session; required if the state has a session, except for preferences_…, and by
    /// session_changed.
    session_ptr session;
    price_curve prices = flat_prices();
    /// The session matches this policy; for rule_replaced, the new one.
    bool is_matching = true;
    /// The policy's current session, if it is another one, has not begun later.
    bool is_newest = true;
    /// For a session at our own EVSE: the EVSE accepts no charging preferences.
    std::optional<bool> preferences_unsupported;
};

/// True if the record does not yet include the session as it is now, or the session has left the
/// policy: if not, session_changed has no effect.
bool is_outdated(const std::optional<managed_session>& record, const session_snapshot& session,
                 bool is_matching);

/// The state after an event at `now`. Without effect, it is returned as it was.
managed_state apply(managed_state state, const event& what, const event_inputs& known,
                    date_time now);

}  // namespace ocpi::managed
