#pragma once

#include "modules/tariffs/tariff.hpp"

#include <chrono>
#include <vector>

namespace ocpi::pricing {

/// Where restrictions of a tariff's elements begin or cease to hold while a session goes on, each
/// bound once, ascending. Powers and currents are not among them: what happens to these within a
/// charging period is not known.
struct tariff_bounds {
    /// Local; dates and weekdays have theirs at midnight.
    std::vector<std::chrono::minutes> times_of_day;
    /// Since the session started.
    std::vector<std::chrono::seconds> durations;
    /// Of the session. Only such as fit max_factor_places: no session reaches another.
    std::vector<decimal> kwh;

    /// Nothing changes before a power or a current does.
    bool empty() const { return times_of_day.empty() && durations.empty() && kwh.empty(); }
};

tariff_bounds find_bounds(const tariffs::tariff& of);

}  // namespace ocpi::pricing
