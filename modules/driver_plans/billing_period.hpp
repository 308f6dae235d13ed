#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/time_zone.hpp"

#include <compare>

namespace ocpi::driver_plans {

/// A period whose usage is summed up.
struct billing_period {
    /// Inclusive.
    date_time start;
    /// Exclusive: the start of the next period.
    date_time end;

    friend constexpr auto operator<=>(const billing_period&, const billing_period&) = default;
};

/// The calendar month of the zone that contains the instant. A month begins when local clocks first
/// show or skip its first midnight; every instant is in exactly one month.
billing_period billing_month(date_time instant, const time_zone& zone);

}  // namespace ocpi::driver_plans
