#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <functional>

namespace ocpi::managed {

/// What a kWh costs before tax in the slot that begins at that moment; any one currency. Answers
/// for every moment, without blocking.
using price_curve = std::function<rational(date_time slot_start)>;

/// All slots cost the same: the earliest are the cheapest.
inline price_curve flat_prices()
{
    return [](date_time) { return rational(); };
}

}  // namespace ocpi::managed
