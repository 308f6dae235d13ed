#pragma once

#include "modules/pricing/local_clock.hpp"
#include "modules/pricing/pricing_state.hpp"
#include "modules/pricing/tariff_bounds.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace ocpi::pricing {

/// A charging period as a time range with even energy flow.
struct period_course {
    date_time start;
    /// 0: unknown.
    std::chrono::milliseconds length{0};
    /// State at its start; period_kwh is its energy.
    const pricing_state* at_start = nullptr;
};

/// The kind of bound reached within a period.
enum class bound_kind : std::uint8_t { time_of_day, duration, kwh };

/// A moment strictly within a period at which a bound of its tariff is reached.
struct bound_crossing {
    bound_kind kind = bound_kind::time_of_day;
    std::chrono::milliseconds after_start{0};
    /// For bound_kind::kwh.
    decimal kwh;
};

/// The first of these moments in order of time, at most max_bound_crossings of each kind. Clock
/// changes are times of day too. `clock` has shown the start of the period. Cheap when there are
/// none.
std::vector<bound_crossing> find_bound_crossings(const tariff_bounds& bounds,
                                                 const period_course& period,
                                                 const local_clock& clock);

inline constexpr std::size_t max_bound_crossings = 200;

/// The state of the session at a moment within the period.
pricing_state state_at(const bound_crossing& inner, const period_course& period,
                       local_clock& clock);

}  // namespace ocpi::pricing
