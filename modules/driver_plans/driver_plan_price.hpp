#pragma once

#include "modules/driver_plans/billing_period.hpp"
#include "modules/driver_plans/driver_plan.hpp"
#include "modules/driver_plans/driver_plan_marks.hpp"
#include "modules/driver_plans/energy_curve.hpp"
#include "ocpi/base/rational.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

/// Costs of sessions under a driver plan; docs/driver_plans.md has the rules.
namespace ocpi::driver_plans {

/// Whether a session's price is known and billed to its driver.
enum class plan_coverage : std::uint8_t {
    included,  ///< none of its energy has a price above 0
    billed,    ///< some energy has a price above 0
    unknown    ///< some energy has no price: it is beyond the last tier
};

/// `included`, `billed`, `unknown`.
std::string_view to_string(plan_coverage coverage) noexcept;

/// Energy of a session within one billing period and one tier.
struct plan_price_part {
    billing_period period;
    /// Index of the plan's tier; the number of tiers for energy beyond the last.
    std::size_t tier = 0;
    /// Above 0.
    rational kwh = 0;
    /// std::nullopt beyond the last tier.
    std::optional<rational> price_per_kwh;
};

/// The cost of a session under a plan.
struct plan_price {
    plan_coverage coverage = plan_coverage::included;
    /// In the plan's currency, not rounded; std::nullopt when coverage is unknown.
    std::optional<rational> amount;
    /// In order of time; their kwh add up to the session's.
    std::vector<plan_price_part> parts;
};

/// Provides the tier crossings of a billing period.
using marks_of_period = std::function<std::vector<tier_crossing>(const billing_period&)>;

/// The bounds between the tiers, for find_tier_crossings.
std::vector<rational> tier_bounds(const driver_plan& plan);

/// The price of one session. Requests the crossings of each billing period with energy flow. A
/// session with energy flow in more than 1,200 months is unknown and has no parts.
plan_price price_session(const driver_plan& plan, const energy_curve& session,
                         const marks_of_period& marks);

/// The prices of all sessions of a plan, in the given order, which does not affect them.
std::vector<plan_price> price_sessions(const driver_plan& plan,
                                       const std::vector<energy_curve>& sessions);

}  // namespace ocpi::driver_plans
