#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/reading.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ocpi::managed {

enum class control_error_type : std::uint8_t {
    missing_capabilities,
    start_fail,
    stop_fail,
};

/// `MISSING_CAPABILITIES`, `START_FAIL`, `STOP_FAIL`.
std::string_view to_string(control_error_type type) noexcept;

/// A failure to control the charging of a session.
struct control_error {
    control_error_type type = control_error_type::missing_capabilities;
    /// For MISSING_CAPABILITIES: `STATE_OF_CHARGE`, `METER_VALUES`, `CHARGING_PREFERENCES_CAPABLE`.
    std::vector<std::string_view> missing_capabilities;
};

/// How long a condition must last to become an error.
inline constexpr std::chrono::minutes tolerated_delay{10};

/// The most severe error at that instant: missing capabilities ten minutes after plug-in; no energy
/// flow since a planned block began ten minutes ago, with the target not reached; energy flow for
/// ten minutes outside every planned block since the first plan, as far as known. std::nullopt for
/// a session that is over.
std::optional<control_error> find_control_error(const managed_session& session,
                                                const sessions::session_data& seen,
                                                const charging_history& reading, date_time now);

}  // namespace ocpi::managed
