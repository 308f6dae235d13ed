#pragma once

#include "modules/driver_plans/billing_period.hpp"
#include "modules/driver_plans/energy_curve.hpp"
#include "ocpi/base/rational.hpp"

#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// The point at which the usage of a plan in a billing period reaches a bound between tiers. Energy
/// counted at exactly that moment may be on both sides.
struct tier_crossing {
    fine_instant at;
    /// Share below the bound of the energy counted at exactly that moment; 0 to 1.
    rational share = 0;

    tier_crossing(fine_instant instant, rational part)
        : at(std::move(instant)), share(std::move(part))
    {
    }
};

/// Everything a session's price in a billing period depends on besides the session itself: the
/// crossings of all bounds reached, ascending. Sessions of a plan that overlap in time share a tier
/// as their energy flows, so their order does not matter. `bounds`: kWh, ascending, above 0. No
/// pointer is null.
std::vector<tier_crossing> find_tier_crossings(const std::vector<const energy_curve*>& sessions,
                                               const billing_period& period,
                                               const std::vector<rational>& bounds);

/// A session's kWh before the crossing.
rational energy_below(const tier_crossing& mark, const energy_curve& session);

}  // namespace ocpi::driver_plans
