#pragma once

#include "modules/pricing/local_clock.hpp"
#include "modules/pricing/moment.hpp"
#include "modules/pricing/tariff_bounds.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace ocpi::pricing {

/// A charging period as a stretch of time, in which its energy flows evenly.
struct period_course {
    date_time start;
    /// 0: not known.
    std::chrono::milliseconds length{0};
    /// At its start; period_kwh is all its energy.
    const moment* at_start = nullptr;
};

/// What is reached at a moment within a period.
enum class bound_kind : std::uint8_t { time_of_day, duration, kwh };

/// A moment within a period, after its start and before its end, at which a bound of its tariff is
/// reached.
struct inner_moment {
    bound_kind kind = bound_kind::time_of_day;
    std::chrono::milliseconds after_start{0};
    /// That of a bound_kind::kwh.
    decimal kwh;
};

/// The first of these moments, in order of time, at most max_inner_moments of each kind. Clocks
/// that are set forward or back count as a time of day. `clock` has shown the start of the period.
/// Cheap where there is none.
std::vector<inner_moment> find_inner_moments(const tariff_bounds& bounds,
                                             const period_course& period, const local_clock& clock);

inline constexpr std::size_t max_inner_moments = 200;

/// The state of the session at a moment within the period.
moment state_at(const inner_moment& inner, const period_course& period, local_clock& clock);

}  // namespace ocpi::pricing
