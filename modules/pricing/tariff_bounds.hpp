#pragma once

#include "modules/tariffs/tariff.hpp"

#include <chrono>
#include <vector>

namespace ocpi::pricing {

/// Bounds at which restrictions of a tariff begin or cease to hold during a session, without
/// repetition, ascending. Without powers and currents, whose course within a charging period is
/// unknown.
struct tariff_bounds {
    /// Local time; dates and weekdays are bounds at midnight.
    std::vector<std::chrono::minutes> times_of_day;
    /// Since the session started.
    std::vector<std::chrono::seconds> durations;
    /// Session energy. Only values that fit max_factor_places: no session reaches others.
    std::vector<decimal> kwh;

    /// True if only a power or a current can change the price.
    bool empty() const { return times_of_day.empty() && durations.empty() && kwh.empty(); }
};

tariff_bounds find_bounds(const tariffs::tariff& of);

}  // namespace ocpi::pricing
