#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ocpi::sessions {

/// A stored session with its parsed fields and revision: read once, and passed on to all that
/// derive something from it.
struct session_snapshot {
    crud::object_key key;
    /// Under /v1 (view_id.hpp).
    std::string view_id;
    crud::revision revision = 0;
    session_data seen;
    /// When it settled (settlement.hpp); std::nullopt: not yet.
    std::optional<date_time> settled_at;
    /// Its charging_preferences as JSON; empty when there are none.
    std::string preferences;
    /// The profile named in them, else REGULAR.
    profile_type profile = profile_type::regular;
    /// The text as parsed; nullptr: it could not be.
    std::shared_ptr<const json::document> document;
};

/// Shared by all that derive something from one session; nullptr: there is none.
using session_ptr = std::shared_ptr<const session_snapshot>;

/// Parses the record of a session. One whose sort key says that it has settled is final, whatever
/// its JSON says. errc::storage when that is not JSON.
result<session_snapshot> read_snapshot(const crud::record& record);

}  // namespace ocpi::sessions
