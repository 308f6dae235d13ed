#pragma once

#include "modules/driver_plans/driver_plan.hpp"
#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>

/// Driver plans as JSON: `{id, currency, timezone, billingPeriod: "MONTH", tiers: [{upToKwh,
/// pricePerKwh}], contractIds}`.
namespace ocpi::driver_plans {

/// Maximum length of a plan id, in characters.
inline constexpr std::size_t max_plan_id_length = 36;

/// Parses the body of a PUT to the plan of that id; an `id` in it must be the same,
/// case-insensitive. errc::unreadable when it is not JSON; errc::invalid naming every bad field,
/// unknown ones included.
result<driver_plan> read_driver_plan(std::string_view body, std::string_view id);

/// The plan with all its members, numbers in their shortest form, an unbounded tier as null.
std::string write_driver_plan(const driver_plan& plan);

}  // namespace ocpi::driver_plans
