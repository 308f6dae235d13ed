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

/// Whether the target will be met, as estimated when the last plan was made.
struct estimate {
    std::int64_t target_id = 1;
    target_type type = target_type::regular;
    /// For a REGULAR target: it is reached in time.
    bool is_on_target = true;
    /// For a REGULAR target: battery level in percent at its deadline.
    rational level_at_ready_by;
    /// std::nullopt: unknown or not applicable.
    std::optional<date_time> reached_at;

    friend bool operator==(const estimate&, const estimate&) = default;
};

/// A request to the CPO that serves the target.
struct control_request {
    std::int64_t target_id = 0;
    std::optional<date_time> departure_time;
    /// The ChargingPreferences object.
    std::string preferences;
    /// Whether the CPO has accepted or refused it.
    bool is_answered = false;
};

/// State that cannot be derived from the OCPI Session: targets, executed plans, the last estimate.
/// Everything else is derived on request.
struct managed_session {
    /// The current policy; once the session has settled, the policy at that time.
    policy rule;
    target_history targets;
    /// Up to planned_at: what was planned for each moment at that moment; afterwards: the last
    /// plan.
    plan planned;
    /// Time of the first plan; std::nullopt: none so far. Energy flow before it is not an error.
    std::optional<date_time> planned_since;
    /// Time up to which plans are kept, made or not; std::nullopt: none so far.
    std::optional<date_time> planned_at;
    /// std::nullopt before the first estimate and while the battery level is unknown.
    std::optional<managed::estimate> estimate;
    /// The revision of the OCPI Session on which this record is based.
    crud::revision session_revision = 0;
    /// The Session's charging_preferences as last processed; empty when it had none.
    std::string preferences_seen;
    /// Recent requests to the CPO, the last one at the end. The CPO may return them as the
    /// session's charging_preferences, answered or not.
    std::vector<control_request> requests;
    /// The EVSE does not accept charging preferences, or the CPO has refused them.
    bool preferences_unsupported = false;
    bool is_settled = false;
};

/// The policy as stored with a session: reduced to the session's contract.
policy rule_for(policy rule, const sessions::session& fields);

std::string write_managed_session(const managed_session& session);
/// errc::storage when the text was not written by write_managed_session().
result<managed_session> read_managed_session(std::string_view text);

/// The same for a target history alone.
std::string write_target_log(const target_history& log);
result<target_history> read_target_log(json::value written);

}  // namespace ocpi::managed
