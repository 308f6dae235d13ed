#pragma once

#include "modules/sessions/session_data.hpp"
#include "modules/status/shown_cost.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi::status {

/// The status shown to a driver; derived, never stored.
enum class shown_status : std::uint8_t { in_progress, completed, pending, invalid };

/// `IN_PROGRESS`, …
std::string_view to_string(shown_status status) noexcept;

/// COMPLETED only once the session is over and its last reading has been received.
shown_status show_status(const sessions::session_data& seen) noexcept;

/// How long a session is silent before it is stale.
inline constexpr std::chrono::minutes stale_after{30};

/// Names of a session in views.
struct shown_ids {
    std::string id;
    std::optional<std::string> policy_id;
};

/// The status view at an instant. Unknown values are std::nullopt.
struct status_view {
    shown_ids ids;
    shown_status status = shown_status::in_progress;
    bool is_live = true;
    bool is_final = false;
    /// COMPLETED but not final.
    bool awaits_final_reading = false;
    std::optional<decimal> kwh;
    /// From the start to now while live; to end_date_time, else to the last reading, once over.
    std::optional<std::int64_t> duration_seconds;
    /// kwh divided by that duration.
    std::optional<decimal> average_kw;
    /// The newer of the latest power sample and the power between the last two meter readings; only
    /// while live.
    std::optional<decimal> live_kw;
    std::optional<shown_cost> cost;
    std::optional<std::string> location_id;
    std::optional<std::string> evse_uid;
    std::optional<std::string> connector_id;
    /// Live or awaiting its final reading, without an update for 30 minutes.
    bool stale = false;
    std::optional<date_time> last_updated;
};

status_view make_status_view(const sessions::session_data& seen, date_time now, shown_ids ids,
                             std::optional<shown_cost> cost);

/// `{"id","policyId","status","isLive","isFinal","awaitingFinalReading","kwh",
/// "durationSeconds","averageKw","liveKw","cost","charger","stale","lastUpdated"}`
std::string write_json(const status_view& view);

/// A session in lists: its status and what a row shows besides.
struct listed_status {
    status_view view;
    /// start_date_time, and when it ended, once it is over.
    std::optional<date_time> started_at;
    std::optional<date_time> ended_at;
    /// The first and last battery level in percent.
    std::optional<decimal> battery_from;
    std::optional<decimal> battery_to;
    std::optional<std::string> contract_id;
};

/// `capacity_kwh` of the battery, if known: then its level is estimated after the last report.
listed_status make_listed_status(const sessions::session_data& seen, date_time now,
                                 status_view view, const std::optional<decimal>& capacity_kwh);

/// The members of the status view, and `"startedAt","endedAt","batteryFrom","batteryTo",
/// "contractId"`.
std::string write_json(const listed_status& listed);

}  // namespace ocpi::status
