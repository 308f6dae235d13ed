#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <chrono>
#include <optional>

namespace ocpi::pricing {

/// Range of a quantity sent within a period, in ampere or kW; std::nullopt: not sent.
struct measured {
    std::optional<decimal> least;
    std::optional<decimal> average;
    std::optional<decimal> most;
};

/// The state of a session at which restrictions of tariff elements are evaluated.
struct moment {
    local_time shown;
    /// Since the session started; negative before.
    std::chrono::milliseconds elapsed{0};
    /// Energy of the session so far.
    decimal kwh;
    measured current;
    measured power;
    /// kWh and length of the period that begins now; without both, no power is derived from them.
    std::optional<decimal> period_kwh;
    std::chrono::milliseconds period_length{0};
};

}  // namespace ocpi::pricing
