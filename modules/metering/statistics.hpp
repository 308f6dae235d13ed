#pragma once

#include "modules/metering/energy_series.hpp"
#include "modules/metering/state_of_charge.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ocpi::metering {

/// A clock quarter-hour, or the part of one after plug-in or before the end.
struct statistics_interval {
    date_time start;
    decimal kwh;
    /// Average power; 0 in an empty interval.
    decimal kw;
};

/// The `statistics` of a session that has begun.
struct statistics {
    decimal kwh_sum;
    /// Percent of the battery; std::nullopt when unknown.
    std::optional<decimal> battery_from;
    std::optional<decimal> battery_to;
    /// Intervals from plug-in to the end, at least one. They add up to kwh_sum. Of a session longer
    /// than 35 days only the last 35 are cut into quarter-hours: the time before is the first
    /// interval.
    std::vector<statistics_interval> timeseries;
    std::vector<std::string> notes;
};

statistics make_statistics(const energy_series& energy, const state_of_charge& level);

/// `{"aggregated":{"kwhSum","batteryFrom","batteryTo"},"timeseries":[{"startAt","kwh","kw"}]}`
std::string write_json(const statistics& shown);

/// `[{"startAt","kwh","kw"}]`
std::string write_json(const std::vector<statistics_interval>& timeseries);

}  // namespace ocpi::metering
