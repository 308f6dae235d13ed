#include "modules/metering/state_of_charge.hpp"

#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace ocpi::metering {
namespace {

const decimal& full()
{
    static const decimal hundred = *decimal::parse("100");
    return hundred;
}

bool is_percentage(const decimal& value)
{
    return !value.is_negative() && value <= full();
}

double estimate_of(const decimal& value)
{
    const auto number = to_fixed_point(value);
    return approximate(number.amount, power_of_ten(number.places));
}

/// In the order of the enumeration.
constexpr std::array<std::string_view, 4> source_names{"CHARGING_PERIOD", "SOC_START",
                                                       "METER_VALUE", "SOC_END"};

}  // namespace

std::string_view to_string(level_source source) noexcept
{
    return source_names[static_cast<std::size_t>(source)];
}

state_of_charge::state_of_charge(const sessions::session_data& seen, const energy_series& energy,
                                 const std::optional<decimal>& capacity_kwh)
    : energy_(energy)
{
    if (capacity_kwh) {
        capacity_kwh_ = to_rational(*capacity_kwh);
        percent_per_kwh_estimate_ = 100 / estimate_of(*capacity_kwh);
    }
    std::size_t ignored = 0;
    const auto add = [&](date_time at, const decimal& percent, level_source source) {
        if (is_percentage(percent)) {
            reports_.emplace_back(std::clamp(at, energy.start(), energy.until()), percent, source);
        } else {
            ++ignored;
        }
    };
    for (const auto& period : seen.fields.charging_periods) {
        for (const auto& dimension : period.dimensions) {
            if (dimension.type != "STATE_OF_CHARGE") continue;
            add(period.start_date_time, dimension.volume, level_source::charging_period);
        }
    }
    if (seen.soc_start) add(energy.start(), *seen.soc_start, level_source::soc_start);
    for (const auto& reading : seen.meter.levels) {
        add(reading.at, reading.value, level_source::meter_value);
    }
    if (seen.soc_end) add(energy.until(), *seen.soc_end, level_source::soc_end);
    if (ignored > 0) {
        notes_.push_back("ignored " + std::to_string(ignored) +
                         " states of charge that are not between 0 and 100");
    }
    put_in_order();
    make_estimates();
}

/// By time, and of those of one instant the one added last.
void state_of_charge::put_in_order()
{
    const auto earlier = [](const report& a, const report& b) { return a.at < b.at; };
    std::stable_sort(reports_.begin(), reports_.end(), earlier);
    const auto same_instant = [](const report& a, const report& b) { return a.at == b.at; };
    const auto doomed = std::unique(reports_.rbegin(), reports_.rend(), same_instant);
    reports_.erase(reports_.begin(), doomed.base());
}

void state_of_charge::make_estimates()
{
    if (!capacity_kwh_) return;
    for (auto& entry : reports_) {
        entry.estimate = estimate_of(entry.percent);
        entry.kwh_estimate = energy_.estimate_at(entry.at);
    }
}

rational state_of_charge::level_after(const report& last, date_time instant) const
{
    rational level = to_rational(last.percent);
    if (capacity_kwh_ && instant > last.at) {
        const rational since = energy_.delivered_at(instant) - energy_.delivered_at(last.at);
        level += since * 100 / *capacity_kwh_;
        if (level > 100) level = 100;
    }
    return level;
}

std::vector<state_of_charge::report>::const_iterator state_of_charge::first_after(
    date_time instant) const
{
    return std::upper_bound(reports_.begin(), reports_.end(), instant,
                            [](date_time at, const report& r) { return at < r.at; });
}

std::optional<rational> state_of_charge::level_at(date_time instant) const
{
    const auto next = first_after(instant);
    if (next == reports_.begin()) return {};
    return level_after(*std::prev(next), instant);
}

std::vector<level_report> state_of_charge::reported() const
{
    std::vector<level_report> all;
    for (const auto& each : reports_) {
        all.push_back(level_report{each.at, each.percent, each.source});
    }
    return all;
}

std::optional<rational> state_of_charge::first() const
{
    if (reports_.empty()) return {};
    return to_rational(reports_.front().percent);
}

std::optional<rational> state_of_charge::last() const
{
    return level_at(energy_.until());
}

std::optional<date_time> state_of_charge::first_reached(const rational& level, date_time from) const
{
    from = std::max(from, energy_.start());
    const auto level_estimate = level > 0 ? approximate(numerator(level), denominator(level)) : 0;
    auto entry = first_after(from);
    if (entry != reports_.begin()) --entry;
    for (; entry != reports_.end(); ++entry) {
        const auto next = std::next(entry);
        const bool is_last = next == reports_.end();
        if (!is_last && !may_reach(*entry, *next, level_estimate)) continue;
        const auto reached = reached_after(*entry, level, std::max(from, entry->at));
        if (reached && *reached <= energy_.until() && (is_last || *reached < next->at)) {
            return reached;
        }
    }
    return {};
}

/// False when the level stays below for certain from one report until the next; saves exact
/// reckoning.
bool state_of_charge::may_reach(const report& entry, const report& next,
                                double level_estimate) const
{
    if (!capacity_kwh_) return true;
    const auto gained = (next.kwh_estimate - entry.kwh_estimate) * percent_per_kwh_estimate_;
    const auto doubt = 1e-6 + 1e-12 * std::abs(next.kwh_estimate) * percent_per_kwh_estimate_;
    return !(entry.estimate + gained + doubt < level_estimate);
}

std::optional<date_time> state_of_charge::reached_after(const report& entry, const rational& level,
                                                        date_time from) const
{
    const rational missing = level - to_rational(entry.percent);
    if (missing <= 0) return from;
    if (!capacity_kwh_ || level > 100) return {};
    const rational kwh = energy_.delivered_at(entry.at) + missing * *capacity_kwh_ / 100;
    const auto reached = energy_.first_delivered(kwh);
    if (!reached) return {};
    return std::max(*reached, from);
}

}  // namespace ocpi::metering
