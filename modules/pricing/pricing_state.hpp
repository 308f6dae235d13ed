#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <chrono>
#include <optional>

namespace ocpi::pricing {

/// Range of a quantity sent within a period, in ampere or kW; std::nullopt: not sent.
struct quantity_range {
    std::optional<decimal> min;
    std::optional<decimal> average;
    std::optional<decimal> max;
};

/// The state of a session at which restrictions of tariff elements are evaluated.
struct pricing_state {
    local_time local;
    /// Since the session started; negative before.
    std::chrono::milliseconds elapsed{0};
    /// Energy of the session so far.
    decimal kwh;
    quantity_range current;
    quantity_range power;
    /// kWh and length of the period that begins now; without both, no power is derived from them.
    std::optional<decimal> period_kwh;
    std::chrono::milliseconds period_length{0};
};

}  // namespace ocpi::pricing
