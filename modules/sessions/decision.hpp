#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/party.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::sessions {

/// The effect of a PUT, PATCH or pull on a stored Session. Pure: the same stored state, body and
/// time give the same decision, so that it can be repeated after a write conflict.
struct decision {
    /// False for a replay and anything else that leaves the Session unchanged.
    bool changes = false;
    /// The Session to store, and the values by which lists are filtered; only if it changes.
    std::string json;
    date_time last_updated;
    std::optional<party> emsp;
    std::optional<ci_string> contract;
    /// session_summary.hpp
    crud::summary summary;
    /// Settlement of that Session.
    sessions::settlement settlement;
    /// Tolerated deviations, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// Maximum size in bytes of a session after a PATCH or a pull.
inline constexpr std::size_t max_session_bytes = 8 * 1024 * 1024;

/// A PUT replaces the Session entirely [sessions, PUT method]. `stored` is nullptr when there is
/// none yet. Accepted charging preferences are not part of OCPI's Session: a PUT without them keeps
/// them. errc::invalid when the PUT is stale (protocol/sender_clock.hpp; a tolerant caller may
/// repeat an old one) or the change is not allowed (rules.hpp).
result<decision> decide_put(const json::document* stored, const parsed_session& put,
                            strictness strict, date_time now);

/// A Session pulled from its owner replaces an older state like a PUT [transport and format, client
/// owned object pull]. One older than the stored state, read from a page made before the last push,
/// changes nothing and is not an error. Meter values of a COMPLETED session missing from the list
/// are kept, since OCPI does not define them. errc::invalid when the change is not allowed
/// (rules.hpp) or the Session is too large.
result<decision> decide_pulled(const json::document* stored, const parsed_session& pulled,
                               date_time now);

/// A PATCH sets the fields it contains, clears those sent as null, and appends to charging_periods
/// and meter_value [sessions, PATCH method]. `now` becomes last_updated when a tolerant caller
/// omits it.
result<decision> decide_patch(const json::document& stored, const parsed_session& patch,
                              date_time now);

/// Stores accepted charging preferences in the member charging_preferences. last_updated does not
/// change: it belongs to the session's sender, whose next PATCH must not become stale. A session
/// that is over does not change.
result<decision> decide_preferences(const json::document& stored, const std::string& preferences);

}  // namespace ocpi::sessions
