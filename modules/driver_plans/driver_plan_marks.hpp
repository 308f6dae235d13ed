#pragma once

#include "modules/driver_plans/billing_period.hpp"
#include "modules/driver_plans/energy_curve.hpp"
#include "ocpi/base/rational.hpp"

#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// Where the usage of a plan in a billing period reaches a bound between tiers. What is counted at
/// one very moment may lie on both sides.
struct tier_crossing {
    fine_instant at;
    /// Of what each session has counted at that very moment, the part below the bound; 0 to 1.
    rational share = 0;

    tier_crossing(fine_instant moment, rational part)
        : at(std::move(moment)), share(std::move(part))
    {
    }
};

/// All that a session's price in a billing period depends on besides the session itself: the
/// marks of the bounds that are passed, in rising order. Sessions of a plan that overlap in time
/// use up a tier together, each as its energy flows, so their order does not matter.
/// `bounds`: kWh, rising, above 0. No pointer is null.
std::vector<tier_crossing> find_tier_crossings(const std::vector<const energy_curve*>& sessions,
                                               const billing_period& period,
                                               const std::vector<rational>& bounds);

/// A session's kWh until the mark.
rational energy_below(const tier_crossing& mark, const energy_curve& session);

}  // namespace ocpi::driver_plans
