#pragma once

#include "modules/managed/plan.hpp"
#include "modules/managed/price_curve.hpp"
#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <chrono>
#include <optional>

namespace ocpi::managed {

/// Maximum length of a plan; energy for a later deadline is planned when it is nearer.
inline constexpr std::chrono::days planning_horizon{35};

/// Input of a plan. Levels are percents of the battery.
struct plan_request {
    date_time now;
    target goal;
    /// The current level.
    rational level;
    /// Level up to which the battery is charged at once at any price.
    rational battery_reserve;
    rational battery_capacity_kwh;
    /// Power of the vehicle whenever it charges.
    rational max_power_kw;
    /// Called for the start of each slot; not called for an IMMEDIATE_START goal.
    price_curve price = flat_prices();
};

/// A plan and its result.
struct planned {
    managed::plan blocks;
    /// The goal's level is reached by ready_by; an IMMEDIATE_START goal has no deadline.
    bool reaches_target = false;
    /// Level at ready_by, or at the end of an IMMEDIATE_START block.
    rational level_at_ready_by;
    /// Time the goal's level is reached; if after ready_by, by charging on at full power. `now`
    /// when already reached. std::nullopt when more than ten years away.
    std::optional<date_time> target_reached_at;
};

/// Makes the plan of least cost. The time until ready_by is cut into slots at each quarter-hour,
/// the first one beginning now. The reserve comes first, at once; then, until the goal's level is
/// reached and not beyond, the cheapest slots, the earliest of equal cost first, the last one
/// chosen only in part; all slots if the goal is out of reach. Within a slot charging starts at its
/// start, or as soon as the reserve is done. An IMMEDIATE_START goal is one block from now until it
/// is reached, reserve or not.
///
/// A block that ends within a slot ends at the next whole second, so that there is time for its
/// energy; `kwh` is exact. What follows the reserve within its slot also begins at that second; if
/// no second of the slot is left, it is part of the reserve's block.
planned make_plan(const plan_request& wanted);

}  // namespace ocpi::managed
