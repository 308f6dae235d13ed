#pragma once

#include "modules/sessions/codec.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {

/// A driver's preferences for a session [sessions, ChargingPreferences].
struct charging_preferences {
    profile_type profile = profile_type::regular;
    std::optional<date_time> departure_time;
    /// kWh, not negative.
    std::optional<decimal> energy_need;
    bool discharge_allowed = false;
    /// The body as stored and forwarded: DateTimes in OCPI's normal form, the rest as received.
    std::string json;
    /// Tolerated deviations, for the answer to the client.
    std::vector<std::string> tolerated;
};

/// Parses a body. errc::unreadable when it is not JSON, or nested too deep for a member of a
/// session; errc::invalid naming every bad field.
result<charging_preferences> read_charging_preferences(std::string_view body, strictness strict);

/// [sessions, ChargingPreferencesResponse]
enum class preferences_response : std::uint8_t {
    accepted,
    departure_required,
    energy_need_required,
    not_possible,
    profile_type_not_supported,
};

/// `ACCEPTED`, … as in OCPI JSON.
std::string_view to_string(preferences_response response) noexcept;
std::optional<preferences_response> parse_preferences_response(std::string_view text) noexcept;

/// True if the EVSE has the capability CHARGING_PREFERENCES_CAPABLE.
bool takes_charging_preferences(const evse& where);

/// The response of an EVSE that accepts charging preferences, at the time `now` of a session with
/// that status.
preferences_response judge(const charging_preferences& wished, const evse& where,
                           session_status status, date_time now);

}  // namespace ocpi::sessions
