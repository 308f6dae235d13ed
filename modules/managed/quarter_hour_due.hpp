#pragma once

#include "modules/metering/quarter_hour.hpp"
#include "ocpi/base/date_time.hpp"

namespace ocpi::managed {

/// Whether plans are due at `now`, when the next quarter-hour was expected at `expected`: it has
/// come, or the clock was set back, so that another one comes earlier.
inline bool is_quarter_hour_due(date_time expected, date_time now)
{
    return expected <= now || metering::next_quarter_hour(now) < expected;
}

}  // namespace ocpi::managed
