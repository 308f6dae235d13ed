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

/// What sessions cost under a driver plan: docs/driver_plans.md has the rules.
namespace ocpi::driver_plans {

/// Whether a session's price is known, and whether its driver pays for it.
enum class plan_coverage : std::uint8_t {
    included,  ///< no energy of it has a price above 0
    billed,    ///< some has
    unknown    ///< some has no price: it lies beyond the last tier
};

/// `included`, `billed`, `unknown`.
std::string_view to_string(plan_coverage coverage) noexcept;

/// The energy of a session within one billing period and one tier.
struct plan_price_part {
    billing_period period;
    /// Index among the plan's tiers; their number when the energy lies beyond the last.
    std::size_t tier = 0;
    /// Above 0.
    rational kwh = 0;
    /// Nothing beyond the last tier.
    std::optional<rational> price_per_kwh;
};

/// What a session costs under a plan.
struct plan_price {
    plan_coverage coverage = plan_coverage::included;
    /// In the plan's currency, not rounded; nothing when coverage is unknown.
    std::optional<rational> amount;
    /// In order of time. Their kwh add up to that of the session.
    std::vector<plan_price_part> parts;
};

/// The marks of a billing period, from wherever they are kept.
using marks_of_period = std::function<std::vector<tier_crossing>(const billing_period&)>;

/// The bounds between the tiers, as find_tier_crossings wants them.
std::vector<rational> tier_bounds(const driver_plan& plan);

/// The price of one session. Asks for the marks of each billing period in which energy flowed. A
/// session whose energy flowed over more than 1,200 months is unknown and has no parts.
plan_price price_session(const driver_plan& plan, const energy_curve& session,
                         const marks_of_period& marks);

/// The prices of all sessions of a plan, in their order, which does not matter to them.
std::vector<plan_price> price_sessions(const driver_plan& plan,
                                       const std::vector<energy_curve>& sessions);

}  // namespace ocpi::driver_plans
