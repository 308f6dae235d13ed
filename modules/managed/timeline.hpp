#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/metering/statistics.hpp"
#include "modules/sessions/meter_values.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::managed {

/// A battery level that was reported, or estimated for the end of the timeline.
struct timeline_level {
    date_time at;
    decimal percent;
    /// `METER_VALUE`, …, `ESTIMATED`.
    std::string_view source;
};

/// What a meter showed at an instant.
struct meter_event {
    /// The register.
    std::optional<decimal> kwh;
    /// The power.
    std::optional<decimal> kw;
    /// OCPP's ReadingContext.
    std::string context;
};

/// What happened in a session over time, for charts and tables.
struct session_timeline {
    /// Under /v1.
    std::string id;
    /// As in the statistics of the managed view; empty for a session that has not begun.
    std::vector<metering::statistics_interval> timeseries;
    /// The battery level at the end of each of these intervals, where known.
    std::vector<std::optional<decimal>> levels;
    std::vector<timeline_level> battery_levels;
    /// By time.
    std::vector<std::pair<date_time, meter_event>> meter_events;
    /// As in the managed view; `[]` when no policy manages the session.
    std::string blocks = "[]";
    /// `[{"from","target"}]`: the targets in force since plug-in.
    std::string targets = "[]";
    std::vector<std::string> notes;
};

/// Without its id. `managed` is up to date at `now` (progress.hpp); std::nullopt: no policy manages
/// the session.
session_timeline make_timeline(const sessions::session_data& seen,
                               const std::vector<sessions::reading_context>& contexts,
                               const std::optional<managed_session>& managed, date_time now);

/// Of a record from which no session can be read.
session_timeline make_unreadable_timeline(std::string id);

/// `{"id","timeseries","batteryLevels","meterEvents","blocks","targets","notes"}`, without notes
/// when there are none.
std::string write_json(const session_timeline& shown);

/// The intervals as a table.
std::string write_csv(const session_timeline& shown);

}  // namespace ocpi::managed
