#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/observation.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::managed {

/// A stored session as those look at it who manage it.
struct looked_at {
    sessions::session_key key;
    crud::revision revision = 0;
    sessions::observation seen;
    /// When it settled (settlement.hpp); nothing: not yet.
    std::optional<date_time> settled_at;
    /// Its charging_preferences as JSON; empty when there are none.
    std::string preferences;
    /// The profile that they name, else REGULAR.
    sessions::profile_type profile = sessions::profile_type::regular;
};

/// The vehicle is there, or has been: neither PENDING nor RESERVATION, nor INVALID.
bool has_begun(const sessions::observation& seen) noexcept;

/// True when it has one of these contracts; nothing stands for any.
bool may_be_seen(const sessions::session& fields,
                 const std::optional<std::vector<ci_string>>& contracts);

/// A record whose sort key says that it has settled is final, whatever its JSON says. std::nullopt
/// when what is stored cannot be read, or says neither status nor start.
std::optional<looked_at> look_at(const crud::record& record);

}  // namespace ocpi::managed
