#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/policy.hpp"
#include "modules/managed/target_history.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>
#include <string_view>

/// The managed-session view as JSON (docs/managed_sessions.md).
namespace ocpi::managed {

/// The target that counts at that instant: `{"id","type",…}`; `null` when there is none.
std::string write_target(const policy& rule, const target_history& targets, date_time now);

/// Of a session that has not begun. There may be no OCPI Session at all; else it has an id.
std::string write_upcoming(const std::optional<std::string>& view_id, const policy& rule,
                           const target_history& targets, date_time now);

/// Of a managed session whose vehicle is plugged in, or that has settled. Its memory is as of
/// `now`: advance() has been called.
std::string write_managed(std::string_view view_id, const managed_session& session,
                          const sessions::session_data& seen, date_time now);

/// Of a settled session that no policy manages.
std::string write_unmanaged(std::string_view view_id, const sessions::session_data& seen);

}  // namespace ocpi::managed
