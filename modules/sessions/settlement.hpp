#pragma once

#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"

#include <chrono>
#include <optional>

namespace ocpi::sessions {

/// What a stored Session says of its settling.
struct settlement {
    /// When it settled, which is when it is COMPLETED and its last reading is there (is_final): its
    /// end_date_time, else when that reading was taken. std::nullopt for any other.
    std::optional<date_time> settled_at;
    /// Its end_date_time when it is COMPLETED and its last reading is not there; std::nullopt for
    /// any other.
    std::optional<date_time> awaiting_since;
};

/// Quick for a Session that is not COMPLETED.
settlement settlement_of(const json::document& stored);

/// The same of one that was read; also when it was taken as final (take_as_final).
std::optional<date_time> settled_at(const session_data& seen);

/// A final reading that has not come by then is waited for no longer. 0: it is waited for always.
using final_reading_timeout = std::chrono::milliseconds;

/// A session that ended then, or before, has waited long enough for its final reading;
/// std::nullopt when none ever has.
std::optional<date_time> overdue_since(date_time now, final_reading_timeout timeout);

}  // namespace ocpi::sessions
