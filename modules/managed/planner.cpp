#include "modules/managed/planner.hpp"

#include "modules/metering/quarter_hour.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ocpi::managed {
namespace {

using boost::multiprecision::cpp_int;
using std::chrono::milliseconds;

constexpr std::int64_t milliseconds_per_hour = 3'600'000;
constexpr std::int64_t max_projection = milliseconds{std::chrono::years{10}}.count();

/// How a request is reckoned with: since the power is one and the same throughout, all energy is
/// time, in milliseconds and exact.
struct frame {
    date_time now;
    /// How far the plan may reach; not before `now`.
    date_time until;
    rational kwh_per_millisecond;
    rational percent_per_millisecond;
    /// What it takes from the present level to the reserve, and to the goal.
    rational reserve_time;
    rational goal_time;
};

/// A part of a slot in which charging for the goal may begin at once.
struct slot {
    /// As blocks show it: the second at which the reserve is done, where that is within the slot.
    date_time begin;
    date_time end;
    /// From the exact beginning to the end.
    rational available;
    rational price;
    /// What the plan makes use of.
    rational taken;
};

rational exact(date_time instant)
{
    return rational(instant.milliseconds());
}

rational span(date_time from, date_time to)
{
    return rational(to.milliseconds() - from.milliseconds());
}

/// The first whole second that is not before.
date_time up_to_second(const rational& instant)
{
    const cpp_int below = denominator(instant) * 1000;
    const cpp_int seconds = (numerator(instant) + below - 1) / below;
    return date_time::from_milliseconds(static_cast<std::int64_t>(seconds) * 1000);
}

/// How far the plan of a request may reach.
date_time reach_of(const plan_request& wanted)
{
    const date_time horizon(wanted.now.instant() + planning_horizon);
    if (wanted.goal.type == target_type::immediate_start) return horizon;
    return std::clamp(wanted.goal.ready_by.value_or(horizon), wanted.now, horizon);
}

frame make_frame(const plan_request& wanted, const rational& goal_level)
{
    frame made;
    made.now = wanted.now;
    made.until = reach_of(wanted);
    made.kwh_per_millisecond = wanted.max_power_kw / milliseconds_per_hour;
    made.percent_per_millisecond = made.kwh_per_millisecond * 100 / wanted.battery_capacity_kwh;
    const auto time_to = [&](const rational& level) {
        return level > wanted.level
                   ? rational((level - wanted.level) / made.percent_per_millisecond)
                   : rational();
    };
    made.reserve_time = time_to(wanted.battery_reserve);
    made.goal_time = time_to(goal_level);
    return made;
}

std::vector<slot> make_slots(const frame& within, const price_curve& price)
{
    const rational reserve_end = exact(within.now) + within.reserve_time;
    std::vector<slot> made;
    date_time end;
    for (auto start = within.now; start < within.until; start = end) {
        end = std::min(metering::next_quarter_hour(start), within.until);
        slot next;
        next.begin = start;
        next.end = end;
        next.available = span(start, end);
        if (reserve_end > exact(start)) {
            next.available = exact(end) - reserve_end;
            if (next.available <= 0) continue;
            next.begin = std::min(up_to_second(reserve_end), end);
        }
        next.price = price(start);
        made.push_back(std::move(next));
    }
    return made;
}

/// Takes that much time from the cheapest slots. Since a slot can be taken for any part of it and
/// its parts cost the same, no other choice costs less.
void take_cheapest(std::vector<slot>& slots, rational time)
{
    std::vector<std::size_t> order(slots.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&slots](std::size_t a, std::size_t b) {
        return slots[a].price < slots[b].price;
    });
    for (const auto index : order) {
        if (time <= 0) return;
        slots[index].taken = std::min(slots[index].available, time);
        time -= slots[index].taken;
    }
}

/// Adds it to the block before where that ends as this begins and is of the same type, or where
/// this is too short to have a beginning and an end.
void append(plan& blocks, planned_block added)
{
    const bool touches = !blocks.empty() && blocks.back().end == added.start;
    if (touches && (blocks.back().type == added.type || added.start == added.end)) {
        blocks.back().end = added.end;
        blocks.back().kwh += added.kwh;
    } else {
        blocks.push_back(std::move(added));
    }
}

/// Charging from now on for that time, or as far as the plan reaches.
planned_block make_first_block(block_type type, const rational& time, const frame& within)
{
    const auto longest = span(within.now, within.until);
    planned_block made;
    made.type = type;
    made.start = within.now;
    made.end = within.until;
    if (time < longest) made.end = std::min(up_to_second(exact(made.start) + time), within.until);
    made.kwh = within.kwh_per_millisecond * std::min(time, longest);
    return made;
}

planned_block make_block(const slot& of, const frame& within)
{
    planned_block made;
    made.type = block_type::regular;
    made.start = of.begin;
    made.end = of.end;
    if (of.taken < of.available) {
        const rational exact_end = exact(of.end) - of.available + of.taken;
        made.end = std::min(up_to_second(exact_end), of.end);
    }
    made.kwh = within.kwh_per_millisecond * of.taken;
    return made;
}

plan make_blocks(const plan_request& wanted, const frame& within)
{
    plan made;
    if (within.now >= within.until) return made;
    if (wanted.goal.type == target_type::immediate_start) {
        if (within.goal_time == 0) return made;
        made.push_back(make_first_block(block_type::immediate_start, within.goal_time, within));
        return made;
    }
    if (within.reserve_time > 0) {
        made.push_back(make_first_block(block_type::battery_reserve, within.reserve_time, within));
    }
    if (within.goal_time <= within.reserve_time) return made;
    auto slots = make_slots(within, wanted.price);
    take_cheapest(slots, within.goal_time - within.reserve_time);
    for (const auto& used : slots) {
        if (used.taken > 0) append(made, make_block(used, within));
    }
    return made;
}

/// When the goal is reached under these blocks, which charge without a break wherever they do not
/// reach it.
std::optional<date_time> find_end(const plan& blocks, const frame& within)
{
    if (within.goal_time == 0) return within.now;
    const bool has_choice = within.goal_time > within.reserve_time;
    if (has_choice && within.goal_time <= span(within.now, within.until)) return blocks.back().end;
    if (within.goal_time > max_projection) return {};
    return up_to_second(exact(within.now) + within.goal_time);
}

/// For how long the vehicle charges until ready_by.
rational charging_time(const plan_request& wanted, const frame& within)
{
    if (wanted.goal.type == target_type::immediate_start) return within.goal_time;
    const auto until = std::max(wanted.goal.ready_by.value_or(within.until), within.until);
    return std::min(std::max(within.goal_time, within.reserve_time), span(within.now, until));
}

}  // namespace

planned make_plan(const plan_request& wanted)
{
    const auto goal_level = to_rational(wanted.goal.minimum_charge_target);
    planned made;
    made.level_at_ready_by = wanted.level;
    made.reaches_target = wanted.level >= goal_level;
    if (made.reaches_target) made.target_reached_at = wanted.now;
    if (wanted.max_power_kw <= 0 || wanted.battery_capacity_kwh <= 0) return made;

    const auto within = make_frame(wanted, goal_level);
    made.blocks = make_blocks(wanted, within);
    const auto charged = charging_time(wanted, within);
    made.level_at_ready_by += charged * within.percent_per_millisecond;
    made.reaches_target = within.goal_time <= charged;
    made.target_reached_at = find_end(made.blocks, within);
    return made;
}

}  // namespace ocpi::managed
