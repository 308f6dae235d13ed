#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>

namespace ocpi::exchange {

/// The body of the PATCH from the Session held by a partner to the current one [sessions, PATCH
/// method]: changed top-level members, null for a removed optional field, the new elements of
/// charging_periods and meter_value, and always last_updated. A number with another spelling, such
/// as 41.0 and 41.00, has not changed. std::nullopt when a PUT is needed: an element of those lists
/// was changed or removed, a required or unknown field was removed, owner or id differ, or
/// last_updated went back. Pure; both are stored Sessions.
std::optional<std::string> write_patch(const json::document& before, const json::document& now);

}  // namespace ocpi::exchange
