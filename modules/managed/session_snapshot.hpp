#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::managed {

/// A stored session with its parsed fields and revision.
struct session_snapshot {
    crud::object_key key;
    crud::revision revision = 0;
    sessions::session_data seen;
    /// When it settled (settlement.hpp); std::nullopt: not yet.
    std::optional<date_time> settled_at;
    /// Its charging_preferences as JSON; empty when there are none.
    std::string preferences;
    /// The profile named in them, else REGULAR.
    sessions::profile_type profile = sessions::profile_type::regular;
};

/// Shared, because the events about a session pass it on; nullptr when there is none.
using session_ptr = std::shared_ptr<const session_snapshot>;

/// The vehicle is or was plugged in: neither PENDING nor RESERVATION nor INVALID.
bool has_begun(const sessions::session_data& seen) noexcept;

/// A record whose sort key says that it has settled is final, whatever its JSON says. std::nullopt
/// when what is stored cannot be read, or says neither status nor start.
std::optional<session_snapshot> read_snapshot(const crud::record& record);

}  // namespace ocpi::managed
