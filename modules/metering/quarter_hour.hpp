#pragma once

#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <cstdint>
#include <ratio>

namespace ocpi::metering {

/// The slots of plans and the intervals of statistics. Plans are made again at each.
inline constexpr std::chrono::minutes quarter_hour{15};

/// The first clock quarter-hour after that instant; the same in all time zones.
inline date_time next_quarter_hour(date_time after)
{
    using quarter_hours = std::chrono::duration<std::int64_t, std::ratio<900>>;
    return date_time(std::chrono::floor<quarter_hours>(after.instant()) + quarter_hour);
}

}  // namespace ocpi::metering
