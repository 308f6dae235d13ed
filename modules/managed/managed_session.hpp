#pragma once

#include "crud/crud.hpp"
#include "modules/managed/plan.hpp"
#include "modules/managed/policy.hpp"
#include "modules/managed/target_history.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/document.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::managed {

/// Whether a target will be met, as it was judged when the last plan was made.
struct estimate {
    std::int64_t target_id = 1;
    target_type type = target_type::regular;
    /// Of a REGULAR target: it is reached in time.
    bool is_on_target = true;
    /// Of a REGULAR target: percent of the battery at its deadline.
    rational level_at_ready_by;
    /// Nothing: that is not known, or beside the point.
    std::optional<date_time> reached_at;
};

/// What the CPO was asked for, for the target to be kept.
struct control_request {
    std::int64_t target_id = 0;
    std::optional<date_time> departure_time;
    /// The ChargingPreferences object.
    std::string preferences;
    /// Whether it has said yes or no.
    bool is_answered = false;
};

/// What is remembered of a managed session beyond the OCPI Session: what nobody could tell from it
/// afterwards. Everything else is derived at the time of asking.
struct managed_session {
    /// As it is, or, once the session has settled, as it was then.
    policy rule;
    target_history targets;
    /// At each moment up to planned_at what was planned for it at that moment; from then on the
    /// last plan.
    plan planned;
    /// When the first plan was made; nothing: none could be yet. What flowed before is against
    /// nobody's plan.
    std::optional<date_time> planned_since;
    /// Up to when plans were kept, made or not; nothing: never.
    std::optional<date_time> planned_at;
    /// Nothing before the first, and while the level of the battery is not known.
    std::optional<managed::estimate> estimate;
    /// The revision of the OCPI Session up to which all this holds.
    crud::revision session_revision = 0;
    /// The charging_preferences of the Session that were last looked at; empty when it had none.
    std::string preferences_seen;
    /// What the CPO was asked for lately, the last one at the end. It may come back as the
    /// session's charging_preferences, answered or not.
    std::vector<control_request> requests;
    /// The EVSE takes no charging preferences, or the CPO has refused them.
    bool preferences_unsupported = false;
    bool is_settled = false;
};

/// The rule as it is remembered with a session: of its contracts that of the session.
policy rule_for(policy rule, const sessions::session& fields);

std::string write_managed_session(const managed_session& session);
/// errc::storage when the text is not what write_managed_session() has written.
result<managed_session> read_managed_session(std::string_view text);

/// The same for a log of targets alone.
std::string write_target_log(const target_history& log);
result<target_history> read_target_log(json::value written);

}  // namespace ocpi::managed
