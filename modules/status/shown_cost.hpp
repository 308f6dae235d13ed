#pragma once

#include "ocpi/base/decimal.hpp"

#include <optional>
#include <string>

namespace ocpi::status {

/// What a session costs its driver.
struct shown_cost {
    /// After tax where known; std::nullopt when the cost is unknown.
    std::optional<decimal> amount;
    std::optional<std::string> currency;
    /// `included`, `billed` or `unknown`.
    std::string coverage;
    bool estimated = false;
};

}  // namespace ocpi::status
