#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>

namespace ocpi::exchange {

/// The body of the PATCH that makes of a Session as a partner is known to have it the one that it
/// is now [sessions, PATCH method]: what changed at the top level, null for an optional field that
/// is gone, the new elements of charging_periods and meter_value, and always last_updated. A number
/// that is spelt in another way, such as 41.0 and 41.00, has not changed. std::nullopt when no
/// PATCH can say it and a PUT is needed: an element of those lists has changed or gone, a required
/// or unknown field is gone, the session has another owner or id, or last_updated went back. Pure;
/// both are Sessions that were accepted before.
std::optional<std::string> write_patch(const json::document& before, const json::document& now);

}  // namespace ocpi::exchange
