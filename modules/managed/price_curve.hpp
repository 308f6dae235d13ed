#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <functional>

namespace ocpi::managed {

/// Price of a kWh before tax in the slot that begins at that time, in any one currency. Defined for
/// every time; does not block.
using price_curve = std::function<rational(date_time slot_start)>;

/// All slots cost the same, so the earliest are used first.
inline price_curve flat_prices()
{
    return [](date_time) { return rational(); };
}

}  // namespace ocpi::managed
