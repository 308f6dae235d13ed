#pragma once

#include "modules/sessions/profile_type.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// The profile of a Session's charging_preferences; REGULAR when absent or unreadable.
profile_type preferred_profile(const json::document& stored);

}  // namespace ocpi::sessions
