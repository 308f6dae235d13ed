#include "modules/managed/progress.hpp"

#include "modules/managed/planner.hpp"
#include "modules/metering/quarter_hour.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::managed {
namespace {

/// A block that was withdrawn sooner than this, without energy flow, was not attempted.
constexpr std::chrono::minutes min_attempt{10};

/// How much of a time without plans is replayed: the server was down, or the clock was set forward.
constexpr std::chrono::hours max_catching_up{7 * 24};

/// The part of a block up to that instant.
planned_block cut_at(planned_block block, date_time end)
{
    const auto whole = block.end.milliseconds() - block.start.milliseconds();
    const auto kept = end.milliseconds() - block.start.milliseconds();
    block.kwh = block.kwh * rational(kept, whole);
    block.end = end;
    return block;
}

/// Leaves of a plan what it said about the time before that instant.
void keep_past(plan& planned, date_time end)
{
    plan past;
    for (auto& block : planned) {
        if (block.start >= end) break;
        if (block.end > end) block = cut_at(std::move(block), end);
        const bool continues =
            !past.empty() && past.back().end == block.start && past.back().type == block.type;
        if (continues) {
            past.back().end = block.end;
            past.back().kwh += block.kwh;
        } else {
            past.push_back(std::move(block));
        }
    }
    planned = std::move(past);
}

bool has_flowed_between(const metering::energy_series& energy, date_time begin, date_time end)
{
    const auto flows = energy.reported_flows();
    return std::any_of(flows.begin(), flows.end(), [begin, end](const metering::flow& each) {
        return each.start < end && each.end > begin;
    });
}

/// A block that ends here, because it was withdrawn and not because it was done, was not tried if
/// it had no time.
void forget_withdrawn(plan& past, bool was_cut, const metering::energy_series& energy,
                      date_time now)
{
    if (!was_cut || past.empty() || past.back().end != now) return;
    const auto begin = past.back().start;
    const bool was_tried = now.instant() - begin.instant() >= min_attempt;
    if (!was_tried && !has_flowed_between(energy, begin, now)) past.pop_back();
}

plan_request make_request(const managed_session& session, const target& goal, rational level,
                          const price_curve& prices, date_time now)
{
    plan_request wanted;
    wanted.now = now;
    wanted.goal = goal;
    wanted.level = std::move(level);
    wanted.battery_reserve = to_rational(session.rule.battery_reserve);
    wanted.battery_capacity_kwh = to_rational(session.rule.vehicle.battery_capacity_kwh);
    wanted.max_power_kw = to_rational(session.rule.vehicle.max_power_kw);
    wanted.price = prices;
    return wanted;
}

estimate make_estimate(std::int64_t target_id, const target& goal)
{
    estimate made;
    made.target_id = target_id;
    made.type = goal.type;
    return made;
}

/// What a session that is over has come to.
estimate judge_end(std::int64_t target_id, const target& goal, const charging_history& reading,
                   const rational& level, const planned& onward)
{
    auto made = make_estimate(target_id, goal);
    made.is_on_target = level >= to_rational(goal.minimum_charge_target);
    made.level_at_ready_by = level;
    if (goal.ready_by && *goal.ready_by < reading.energy.until()) {
        const auto then = reading.battery.level_at(*goal.ready_by);
        if (then) made.level_at_ready_by = *then;
    }
    // The one that the user waits for keeps the time at which it would have been reached.
    if (goal.type == target_type::immediate_start) made.reached_at = onward.target_reached_at;
    return made;
}

/// `now` may be earlier than what the reading is about: of that only what was so by then counts.
void make_plan_at(managed_session& session, const sessions::session_data& seen,
                  const charging_history& reading, const price_curve& prices, date_time now)
{
    end_reached_override(session, reading);
    const auto until = reading.energy.until();
    const auto end = sessions::is_live(seen) ? std::min(now, until) : until;
    const bool was_cut = std::any_of(
        session.planned.begin(), session.planned.end(),
        [end](const planned_block& block) { return block.start < end && block.end > end; });
    keep_past(session.planned, end);
    session.planned_at = now;
    session.estimate.reset();

    const auto entry = target_in_force(session.targets, is_live(seen) ? now : end);
    const auto goal = target_of(entry, session.rule, end);
    auto level = reading.battery.level_at(end);
    if (!goal || !level) return;
    auto next = make_plan(make_request(session, *goal, *level, prices, end));
    if (!is_live(seen)) {
        session.estimate = judge_end(entry.id, *goal, reading, *level, next);
        return;
    }
    if (!session.planned_since) session.planned_since = now;
    const bool goes_on = !next.blocks.empty() && next.blocks.front().start == end;
    if (!goes_on) forget_withdrawn(session.planned, was_cut, reading.energy, end);
    session.planned.insert(session.planned.end(), next.blocks.begin(), next.blocks.end());
    auto made = make_estimate(entry.id, *goal);
    made.is_on_target = next.reaches_target;
    made.level_at_ready_by = next.level_at_ready_by;
    made.reached_at = next.target_reached_at;
    session.estimate = std::move(made);
}

}  // namespace

charging_history::charging_history(const sessions::session_data& seen,
                                   const managed_session& session, date_time now)
    : energy(seen, now), battery(seen, energy, session.rule.vehicle.battery_capacity_kwh)
{
}

void advance(managed_session& session, const sessions::session_data& seen,
             const price_curve& prices, date_time now)
{
    if (session.is_settled || !session.planned_at || !sessions::is_live(seen)) return;
    const auto earliest = date_time(now.instant() - max_catching_up);
    auto due = metering::next_quarter_hour(std::max(*session.planned_at, earliest));
    if (due > now) return;
    const charging_history reading(seen, session, now);
    for (; due <= now; due = metering::next_quarter_hour(due)) {
        make_plan_at(session, seen, reading, prices, due);
    }
}

void replan(managed_session& session, const sessions::session_data& seen, const price_curve& prices,
            date_time now)
{
    const charging_history reading(seen, session, now);
    make_plan_at(session, seen, reading, prices, now);
}

bool end_reached_override(managed_session& session, const charging_history& reading)
{
    if (session.targets.empty() || !session.targets.back().user_override) return false;
    const auto& latest = session.targets.back();
    const auto reached = reading.battery.first_reached(
        to_rational(latest.user_override->minimum_charge_target), latest.since);
    if (!reached || *reached > reading.energy.until()) return false;
    end_override(session.targets, *reached);
    return true;
}

}  // namespace ocpi::managed
