#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/date_time.hpp"

#include <string>

namespace ocpi::sessions {

/// The id of a session under /v1, of all platforms' sessions at once: the UUID (version 5) in the
/// URL namespace of `ocpi:session:CC/PARTY/ID` in upper case (ASCII).
std::string view_id(const session_key& key);

/// The place of a settled session in the ranked list of sessions: by when it settled, then by id.
std::string settled_rank(date_time settled_at, const std::string& view_id);

}  // namespace ocpi::sessions
