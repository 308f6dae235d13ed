#pragma once

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

/// What is to become of a stored Session because of a PUT or PATCH, or because
/// it was pulled. Pure: the same store, body
/// and time give the same decision, so that it can be made again when another write came first.
struct decision {
    /// False for a replay and for whatever else would leave the Session as it is.
    bool changes = false;
    /// The Session to be stored, and the values by which lists are filtered; only when it changes.
    std::string json;
    date_time last_updated;
    std::optional<party> emsp;
    std::optional<ci_string> contract;
    /// What that Session says of its settling.
    sessions::settlement settlement;
    /// What was tolerated, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// A session may grow to this many bytes by PATCH, or be as large when it is pulled.
inline constexpr std::size_t max_session_bytes = 8 * 1024 * 1024;

/// A PUT replaces the Session entirely [sessions, PUT method]. `stored` is nullptr when there is
/// none yet. Charging preferences that were accepted are no part of a Session of OCPI: a PUT that
/// does not name them keeps them. errc::invalid when the PUT is stale (protocol/sender_clock.hpp;
/// but a tolerant caller may repeat an old one) or the step is not allowed (rules.hpp).
result<decision> decide_put(const json::document* stored, const parsed_session& put,
                            strictness strict, date_time now);

/// A Session that was pulled from its owner replaces an older state as a PUT would [transport and
/// format, client owned object pull]. One that is older than the stored state is yesterday's news,
/// read from a page that was made before the last push: it changes nothing, which is no error.
/// Meter values of a COMPLETED session that the list does not hold are kept, since OCPI does not
/// know them. errc::invalid when the step is not allowed (rules.hpp) or the Session is too large.
result<decision> decide_pulled(const json::document* stored, const parsed_session& pulled,
                               date_time now);

/// A PATCH sets the fields it brings, clears those it brings as null, and appends to
/// charging_periods and meter_value [sessions, PATCH method]. `now` becomes last_updated when a
/// tolerant caller left it out.
result<decision> decide_patch(const json::document& stored, const parsed_session& patch,
                              date_time now);

/// Charging preferences that were accepted become the member charging_preferences. Then
/// last_updated stays: it belongs to whoever sends the session, and its next PATCH must not be
/// stale because of them. A session that is over takes none: then nothing changes.
result<decision> decide_preferences(const json::document& stored, const std::string& preferences);

}  // namespace ocpi::sessions
