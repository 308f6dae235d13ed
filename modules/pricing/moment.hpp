#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <chrono>
#include <optional>

namespace ocpi::pricing {

/// What was sent of one quantity within a period: ampere or kW; nothing: not sent.
struct measured {
    std::optional<decimal> least;
    std::optional<decimal> average;
    std::optional<decimal> most;
};

/// The state of a session at which the restrictions of tariff elements are judged.
struct moment {
    local_time shown;
    /// Since the session started; negative before.
    std::chrono::milliseconds elapsed{0};
    /// Energy of the session so far.
    decimal kwh;
    measured current;
    measured power;
    /// kWh over the period that begins now, and the length of that period; without both, no power
    /// is reckoned from them.
    std::optional<decimal> period_kwh;
    std::chrono::milliseconds period_length{0};
};

}  // namespace ocpi::pricing
