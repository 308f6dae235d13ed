#pragma once

#include "modules/metering/energy_series.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/rational.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::metering {

/// Where a battery level was reported.
enum class level_source : std::uint8_t { charging_period, soc_start, meter_value, soc_end };

/// `CHARGING_PERIOD`, …
std::string_view to_string(level_source source) noexcept;

/// A battery level as reported.
struct level_report {
    date_time at;
    decimal percent;
    level_source source;
};

/// The battery level of a session in percent: as reported, plus the energy delivered since the last
/// report if the battery's capacity is known; never more than 100. Reports are soc_start at
/// plug-in, soc_end at the end, STATE_OF_CHARGE at the start of its charging period, and SoC
/// samples. Of several at one instant the sample wins, then soc_start, but soc_end at the end.
/// Reports before plug-in or after the end apply at that bound. The series must outlive this
/// object.
class state_of_charge {
public:
    /// `capacity_kwh` is above 0; std::nullopt when unknown.
    state_of_charge(const sessions::session_data& seen, const energy_series& energy,
                    const std::optional<decimal>& capacity_kwh);

    /// std::nullopt before the first report.
    std::optional<rational> level_at(date_time instant) const;

    /// The first level reported, `batteryFrom`.
    std::optional<rational> first() const;
    /// The level at the end of the series, `batteryTo`.
    std::optional<rational> last() const;

    /// The first instant from `from` to the end of the series with at least that level.
    std::optional<date_time> first_reached(const rational& level, date_time from) const;

    /// By time, one for each instant.
    std::vector<level_report> reported() const;

    /// Irregularities of the reports, as sentences for people.
    const std::vector<std::string>& notes() const noexcept { return notes_; }

private:
    struct report {
        date_time at;
        decimal percent;
        level_source source;
        /// Approximation of the percentage and of the energy delivered until then.
        double estimate = 0;
        double kwh_estimate = 0;

        report(date_time instant, decimal level, level_source from)
            : at(instant), percent(std::move(level)), source(from)
        {
        }
    };

    void put_in_order();
    void make_estimates();
    std::vector<report>::const_iterator first_after(date_time instant) const;
    rational level_after(const report& last, date_time instant) const;
    bool may_reach(const report& entry, const report& next, double level_estimate) const;
    std::optional<date_time> reached_after(const report& entry, const rational& level,
                                           date_time from) const;

    const energy_series& energy_;
    std::optional<rational> capacity_kwh_;
    double percent_per_kwh_estimate_ = 0;
    /// By time, one for each instant.
    std::vector<report> reports_;
    std::vector<std::string> notes_;
};

}  // namespace ocpi::metering
