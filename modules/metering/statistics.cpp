#include "modules/metering/statistics.hpp"

#include "modules/metering/quarter_hour.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ocpi::metering {
namespace {

using std::chrono::milliseconds;

constexpr auto max_in_detail = std::chrono::days(35);

/// Where the second interval starts.
date_time end_of_first(const energy_series& energy)
{
    const date_time detailed_from(energy.until().instant() - max_in_detail);
    if (energy.start() >= detailed_from) return next_quarter_hour(energy.start());
    return next_quarter_hour(date_time(detailed_from.instant() - milliseconds(1)));
}

statistics_interval make_interval(const energy_series& energy, const energy_series::mark& start,
                                  const energy_series::mark& end)
{
    statistics_interval interval;
    interval.start = start.at();
    interval.kwh = energy.delivered(start, end);
    interval.kw = energy.average_kw(start, end);
    return interval;
}

std::optional<decimal> to_percentage(const std::optional<rational>& level)
{
    if (!level) return {};
    return to_decimal(*level);
}

std::string write(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : "null";
}

}  // namespace

statistics make_statistics(const energy_series& energy, const state_of_charge& level)
{
    statistics made;
    made.kwh_sum = energy.total();
    made.battery_from = to_percentage(level.first());
    made.battery_to = to_percentage(level.last());
    const auto until = energy.until();
    if (until.instant() - energy.start().instant() > max_in_detail) {
        made.notes.emplace_back(
            "timeseries shows the last 35 days in quarter-hours; its first interval is the time "
            "before them");
    }
    auto start = energy.mark_at(energy.start());
    auto end = end_of_first(energy);
    do {
        auto bound = energy.mark_at(std::min(end, until));
        made.timeseries.push_back(make_interval(energy, start, bound));
        start = std::move(bound);
        end = date_time(end.instant() + quarter_hour);
    } while (start.at() < until);
    return made;
}

std::string write_json(const std::vector<statistics_interval>& timeseries)
{
    json::array_writer written;
    for (const auto& interval : timeseries) {
        json::object_writer item;
        item.string("startAt", to_string(interval.start));
        item.raw("kwh", to_text(interval.kwh));
        item.raw("kw", to_text(interval.kw));
        written.raw(item.finish());
    }
    return written.finish();
}

std::string write_json(const statistics& shown)
{
    json::object_writer aggregated;
    aggregated.raw("kwhSum", to_text(shown.kwh_sum));
    aggregated.raw("batteryFrom", write(shown.battery_from));
    aggregated.raw("batteryTo", write(shown.battery_to));
    json::object_writer object;
    object.raw("aggregated", aggregated.finish());
    object.raw("timeseries", write_json(shown.timeseries));
    return object.finish();
}

}  // namespace ocpi::metering
