#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/time_zone.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// The price of a kWh while the plan's usage in a billing period is below a bound.
struct plan_tier {
    /// Above 0, and above that of the tier before. std::nullopt: unbounded, last tier only.
    std::optional<decimal> up_to_kwh;
    /// 0 or more.
    decimal price_per_kwh;

    plan_tier() = default;
    plan_tier(std::optional<decimal> bound, decimal price)
        : up_to_kwh(std::move(bound)), price_per_kwh(std::move(price))
    {
    }
};

/// An eMSP's energy prices for the drivers of some contracts, wherever they charge. Billing periods
/// are calendar months of its time zone (billing_period.hpp).
struct driver_plan {
    std::string id;
    /// ISO 4217.
    std::string currency;
    time_zone timezone;
    /// At least one.
    std::vector<plan_tier> tiers;
    /// No contract is in two plans.
    std::vector<ci_string> contract_ids;
};

}  // namespace ocpi::driver_plans
