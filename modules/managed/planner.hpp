#pragma once

#include "modules/managed/plan.hpp"
#include "modules/managed/price_curve.hpp"
#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <chrono>
#include <optional>

namespace ocpi::managed {

/// A plan looks no further ahead: what a later deadline leaves to do is planned when it is nearer.
inline constexpr std::chrono::days planning_horizon{35};

/// What a plan is made from. Levels are percents of the battery.
struct plan_request {
    date_time now;
    target goal;
    /// What the battery holds now.
    rational level;
    /// Up to this the battery is charged at once, whatever it costs.
    rational battery_reserve;
    rational battery_capacity_kwh;
    /// At which the vehicle charges whenever it does.
    rational max_power_kw;
    /// Asked for the start of each slot; not asked for an IMMEDIATE_START goal.
    price_curve price = flat_prices();
};

/// A plan, and where it leads to.
struct planned {
    managed::plan blocks;
    /// The goal's level by its ready_by; an IMMEDIATE_START goal has all the time it needs.
    bool reaches_target = false;
    /// What the battery holds at ready_by, or when an IMMEDIATE_START block has ended.
    rational level_at_ready_by;
    /// When the goal's level is reached; where that is after ready_by, by charging on at full
    /// power. `now` when it is already. Nothing when that is more than ten years away.
    std::optional<date_time> target_reached_at;
};

/// The plan of least cost. The time until ready_by is cut into slots at each quarter-hour, the
/// first one beginning now. First comes the reserve, at once; then, until the goal's level is
/// reached and not beyond, the cheapest slots, of those that cost the same the earliest, the last
/// one chosen for a part only; all of them where the goal is out of reach. Within a slot charging
/// starts at its start, or as soon as the reserve is done. An IMMEDIATE_START goal is one block
/// from now until it is reached, reserve or not.
///
/// A block that ends within a slot ends at the next whole second, so that there is time for its
/// energy; `kwh` is exact. What follows the reserve within its slot begins at that second, too;
/// where no second is left of the slot it counts as part of the reserve's block.
planned make_plan(const plan_request& wanted);

}  // namespace ocpi::managed
