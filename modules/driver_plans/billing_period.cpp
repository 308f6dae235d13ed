#include "modules/driver_plans/billing_period.hpp"

#include <chrono>

namespace ocpi::driver_plans {
namespace {

using std::chrono::year_month;

date_time start_of(year_month month, const time_zone& zone)
{
    return zone.instant(std::chrono::local_days(month / 1));
}

}  // namespace

billing_period billing_month(date_time instant, const time_zone& zone)
{
    const auto today = std::chrono::floor<std::chrono::days>(zone.local(instant));
    const std::chrono::year_month_day date(today);
    auto month = date.year() / date.month();
    // Where clocks are set back over midnight, the last day is shown again after the next month
    // has begun.
    if (instant >= start_of(month + std::chrono::months(1), zone)) month += std::chrono::months(1);
    return billing_period{start_of(month, zone), start_of(month + std::chrono::months(1), zone)};
}

}  // namespace ocpi::driver_plans
