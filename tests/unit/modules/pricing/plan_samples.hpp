#pragma once

#include "modules/driver_plans/driver_plan.hpp"
#include "modules/driver_plans/energy_curve.hpp"

#include <string>
#include <vector>

/// Plans and metering events in few words, for tests.
namespace ocpi::test {

inline date_time instant_at(const std::string& text)
{
    return parse_date_time(text)->value;
}

/// `"100 0.25"` is a tier up to 100 kWh at 0.25, `"- 0.25"` one without an end.
inline driver_plans::driver_plan make_plan(const std::vector<std::string>& tiers,
                                           const char* zone = "Europe/Madrid")
{
    driver_plans::driver_plan plan;
    plan.id = "home";
    plan.currency = "EUR";
    plan.timezone = *time_zone::find(zone);
    for (const auto& tier : tiers) {
        const auto blank = tier.find(' ');
        plan.tiers.emplace_back(decimal::parse(tier.substr(0, blank)),
                                *decimal::parse(tier.substr(blank + 1)));
    }
    return plan;
}

/// One event.
inline std::vector<driver_plans::metering_event> charge(const std::string& from,
                                                        const std::string& to, rational kwh)
{
    std::vector<driver_plans::metering_event> events;
    events.emplace_back(instant_at(from), instant_at(to), std::move(kwh));
    return events;
}

}  // namespace ocpi::test
