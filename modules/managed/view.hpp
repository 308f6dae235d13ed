#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/policy.hpp"
#include "modules/managed/reading.hpp"
#include "modules/managed/target_history.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The managed-session view as JSON (docs/managed_sessions.md).
namespace ocpi::managed {

/// The target in force at that instant: `{"id","type",…}`; `null` when there is none.
std::string write_target(const policy& rule, const target_history& targets, date_time now);

/// The blocks that have been and those planned from `now` on: `[{"type","kwhSum",…}]`.
std::string write_blocks(const managed_session& session, const charging_history& reading,
                         const sessions::session_data& seen, date_time now);

/// View of a session that has not begun. It has an id if there is an OCPI Session already.
std::string write_upcoming(const std::optional<std::string>& view_id, const policy& rule,
                           const target_history& targets, date_time now);

/// View of a managed session with the vehicle plugged in, or that has settled. The record is up to
/// date at `now`: advance() has been called.
std::string write_managed(std::string_view view_id, const managed_session& session,
                          const sessions::session_data& seen, date_time now);

/// View of a settled session without policy.
std::string write_unmanaged(std::string_view view_id, const sessions::session_data& seen);

}  // namespace ocpi::managed
