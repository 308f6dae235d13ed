#pragma once

#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/json/document.hpp"

#include <chrono>
#include <optional>

namespace ocpi::sessions {

/// Settlement of a stored Session.
struct settlement {
    /// When it settled, for a COMPLETED session with its last reading (is_final): its
    /// end_date_time, else the time of that reading. std::nullopt for any other.
    std::optional<date_time> settled_at;
    /// The end_date_time of a COMPLETED session without its last reading; std::nullopt for any
    /// other.
    std::optional<date_time> awaiting_since;
};

/// Fast for a Session that is not COMPLETED.
settlement settlement_of(const json::document& stored);

/// The same for a parsed session; also when it was taken as final (take_as_final).
std::optional<date_time> settled_at(const session_data& seen);

/// Maximum wait for the final reading. 0: no limit.
using final_reading_timeout = std::chrono::milliseconds;

/// The latest end time of sessions whose final reading is overdue; std::nullopt without a timeout.
std::optional<date_time> overdue_since(date_time now, final_reading_timeout timeout);

}  // namespace ocpi::sessions
