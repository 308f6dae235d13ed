#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/time_zone.hpp"

#include <compare>

namespace ocpi::driver_plans {

/// A stretch of time whose usage is counted together.
struct billing_period {
    /// Inclusive.
    date_time start;
    /// Exclusive: the start of the next period.
    date_time end;

    friend constexpr auto operator<=>(const billing_period&, const billing_period&) = default;
};

/// The calendar month of the zone that holds the instant. A month begins when local clocks first
/// show its first midnight, or pass over it; every instant is in exactly one month.
billing_period billing_month(date_time instant, const time_zone& zone);

}  // namespace ocpi::driver_plans
