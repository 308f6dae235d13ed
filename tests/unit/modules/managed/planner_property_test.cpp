#include "modules/managed/planner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace planner_property_test {

using namespace ocpi;
using namespace ocpi::managed;

namespace {

/// A slot as the contract cuts it, in seconds.
struct reference_slot {
    std::int64_t begin = 0, end = 0;
    rational price;
};

std::int64_t seconds_of(date_time moment)
{
    return moment.milliseconds() / 1000;
}

/// A request of which every time is a whole number of seconds, and the reckoning behind it.
struct instance {
    plan_request wanted;
    std::int64_t reserve_seconds = 0, goal_seconds = 0;
    std::vector<reference_slot> slots;

    rational kwh_per_second() const { return wanted.max_power_kw / 3600; }

    /// Seconds left for the goal in each slot.
    std::vector<std::int64_t> capacities() const
    {
        std::vector<std::int64_t> left;
        const auto reserve_end = seconds_of(wanted.now) + reserve_seconds;
        for (const auto& slot : slots) {
            left.push_back(std::max<std::int64_t>(0, slot.end - std::max(slot.begin, reserve_end)));
        }
        return left;
    }

    /// Seconds to be charged for the goal once the reserve is done, as far as there is time.
    std::int64_t left_to_charge() const
    {
        std::int64_t room = 0;
        for (auto capacity : capacities()) room += capacity;
        return std::min(std::max<std::int64_t>(0, goal_seconds - reserve_seconds), room);
    }
};

class instance_maker {
public:
    explicit instance_maker(unsigned seed) : random_(seed) {}

    std::int64_t up_to(std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }

    /// Within `span` seconds, all times being multiples of `unit`.
    instance make(std::int64_t span, std::int64_t unit, int prices)
    {
        instance made;
        auto& wanted = made.wanted;
        const auto now = 1'780'000'200 + up_to(86'400 / unit) * unit;
        const auto ready_by = now + (1 + up_to(span / unit - 1)) * unit;
        wanted.now = date_time::from_milliseconds(now * 1000);
        wanted.goal.ready_by = date_time::from_milliseconds(ready_by * 1000);
        wanted.max_power_kw = rational(1 + up_to(220), 1 + up_to(20));
        wanted.battery_capacity_kwh = rational(1 + up_to(1000), 7);
        made.goal_seconds = up_to(span / unit) * unit;
        made.reserve_seconds = up_to(1) * up_to(span / unit / 2) * unit;
        set_levels(made);
        made.slots = slots_between(now, ready_by, prices);
        std::map<std::int64_t, rational> by_start;
        for (const auto& slot : made.slots) by_start[slot.begin] = slot.price;
        // at() throws for what is not the start of a slot.
        wanted.price = [by_start](date_time start) { return by_start.at(seconds_of(start)); };
        return made;
    }

private:
    void set_levels(instance& made)
    {
        auto& wanted = made.wanted;
        const rational rate = made.kwh_per_second() * 100 / wanted.battery_capacity_kwh;
        wanted.goal.minimum_charge_target = *decimal::parse(std::to_string(up_to(100)));
        const auto goal = to_rational(wanted.goal.minimum_charge_target);
        wanted.level = goal - rate * made.goal_seconds;
        if (made.goal_seconds == 0) wanted.level += up_to(3);
        wanted.battery_reserve = wanted.level + rate * made.reserve_seconds;
        if (made.reserve_seconds == 0) wanted.battery_reserve -= up_to(3);
    }

    std::vector<reference_slot> slots_between(std::int64_t begin, std::int64_t end, int prices)
    {
        std::vector<reference_slot> made;
        while (begin < end) {
            reference_slot slot;
            slot.begin = begin;
            slot.end = std::min(end, (begin / 900 + 1) * 900);
            slot.price = rational(up_to(prices) - prices / 4, 1 + up_to(prices) % 3);
            made.push_back(slot);
            begin = slot.end;
        }
        return made;
    }

    std::mt19937 random_;
};

using allocation = std::vector<std::int64_t>;

/// The seconds that the plan charges for the goal in each slot, from its blocks.
allocation taken_of(const plan& blocks, const std::vector<reference_slot>& slots)
{
    allocation taken;
    for (const auto& slot : slots) {
        std::int64_t seconds = 0;
        for (const auto& block : blocks) {
            if (block.type != block_type::regular) continue;
            const auto begin = std::max(slot.begin, seconds_of(block.start));
            seconds += std::max<std::int64_t>(0, std::min(slot.end, seconds_of(block.end)) - begin);
        }
        taken.push_back(seconds);
    }
    return taken;
}

/// In price seconds.
rational cost_of(const allocation& taken, const std::vector<reference_slot>& slots)
{
    rational cost;
    for (std::size_t i = 0; i < slots.size(); ++i) cost += slots[i].price * taken[i];
    return cost;
}

/// Tries every way to charge so long, in steps of `unit`, and keeps the cheapest; of equal ones
/// that which charges most in the earliest slots.
allocation try_all(const instance& of, std::int64_t unit)
{
    const auto capacities = of.capacities();
    allocation tried(of.slots.size());
    std::optional<allocation> best;
    rational least;
    const std::function<void(std::size_t, std::int64_t)> go = [&](std::size_t slot,
                                                                  std::int64_t left) {
        if (slot == tried.size()) {
            if (left != 0) return;
            const auto cost = cost_of(tried, of.slots);
            if (best && (cost > least || (cost == least && tried < *best))) return;
            best = tried;
            least = cost;
            return;
        }
        for (std::int64_t take = 0; take <= std::min(capacities[slot], left); take += unit) {
            tried[slot] = take;
            go(slot + 1, left - take);
        }
        tried[slot] = 0;
    };
    go(0, of.left_to_charge());
    return *best;
}

/// The least cost by the dual of the linear program: the most, over all prices of a second λ, of
/// λ × need − Σ capacity × max(0, λ − price); it is assumed at one of the slots' prices.
rational min_cost(const instance& of)
{
    const auto capacities = of.capacities();
    std::optional<rational> most;
    for (const auto& candidate : of.slots) {
        rational value = candidate.price * of.left_to_charge();
        for (std::size_t i = 0; i < of.slots.size(); ++i) {
            const rational gain = candidate.price - of.slots[i].price;
            if (gain > 0) value -= gain * capacities[i];
        }
        if (!most || value > *most) most = value;
    }
    return *most;
}

/// What holds for every plan whose times are whole seconds.
void check_feasible(const instance& of, const planned& made)
{
    const auto& wanted = of.wanted;
    const auto seconds = seconds_of(*wanted.goal.ready_by) - seconds_of(wanted.now);
    const auto charged = std::min(std::max(of.goal_seconds, of.reserve_seconds), seconds);
    rational total;
    auto previous_end = wanted.now;
    for (std::size_t i = 0; i < made.blocks.size(); ++i) {
        const auto& block = made.blocks[i];
        CHECK(block.start >= previous_end);
        CHECK(block.end > block.start);
        CHECK(block.end <= *wanted.goal.ready_by);
        CHECK(block.kwh == of.kwh_per_second() * (seconds_of(block.end) - seconds_of(block.start)));
        if (i > 0 && block.start == previous_end) CHECK(block.type != made.blocks[i - 1].type);
        previous_end = block.end;
        total += block.kwh;
    }
    CHECK(total == of.kwh_per_second() * charged);
    CHECK(made.reaches_target == (of.goal_seconds <= seconds));
    CHECK(made.level_at_ready_by == wanted.level + total * 100 / wanted.battery_capacity_kwh);
    if (of.reserve_seconds > 0) {
        const auto& first = made.blocks.front();
        CHECK(first.type == block_type::battery_reserve);
        CHECK(first.start == wanted.now);
        CHECK(seconds_of(first.end) ==
              seconds_of(wanted.now) + std::min(of.reserve_seconds, seconds));
    }
}

/// The moment at which the blocks have brought what the goal needs.
void check_reached_at(const instance& of, const planned& made)
{
    REQUIRE(made.target_reached_at);
    auto left = of.goal_seconds;
    auto reached = seconds_of(of.wanted.now);
    for (const auto& block : made.blocks) {
        if (left == 0) break;
        const auto length = seconds_of(block.end) - seconds_of(block.start);
        reached = seconds_of(block.start) + std::min(left, length);
        left -= std::min(left, length);
    }
    CHECK(seconds_of(*made.target_reached_at) == reached + left);
}

}  // namespace

TEST_CASE("modules/managed/planner_property: no way to charge is cheaper, by trying them all")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    instance_maker maker(seed);
    for (int round = 0; round < 1500; ++round) {
        INFO("round ", round);
        const auto unit = round % 2 == 0 ? 300 : 180;
        const auto of = maker.make(round % 2 == 0 ? 6'000 : 4'500, unit, 1 + round % 7);
        const auto made = make_plan(of.wanted);
        check_feasible(of, made);
        check_reached_at(of, made);
        CHECK(taken_of(made.blocks, of.slots) == try_all(of, unit));
    }
}

TEST_CASE("modules/managed/planner_property: no plan is cheaper, by the dual of the linear program")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    instance_maker maker(seed);
    for (int round = 0; round < 300; ++round) {
        INFO("round ", round);
        const auto of = maker.make(86'400, 1, 1 + round % 50);
        const auto made = make_plan(of.wanted);
        check_feasible(of, made);
        check_reached_at(of, made);
        CHECK(cost_of(taken_of(made.blocks, of.slots), of.slots) == min_cost(of));
    }
}

TEST_CASE(
    "modules/managed/planner_property: blocks have time for their energy, wherever seconds are cut")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    instance_maker maker(seed);
    for (int round = 0; round < 1000; ++round) {
        INFO("round ", round);
        auto of = maker.make(20'000, 1, 20);
        auto& wanted = of.wanted;
        // A millionth to 1.4 seconds more for the reserve, and milliseconds at the end.
        const rational fraction = rational(1 + maker.up_to(1'400'000), 1'000'000);
        if (of.reserve_seconds > 0) {
            wanted.battery_reserve +=
                fraction * of.kwh_per_second() * 100 / wanted.battery_capacity_kwh;
        }
        wanted.level -= rational(maker.up_to(1'000'000), 1'000'000) * of.kwh_per_second();
        wanted.goal.ready_by =
            date_time::from_milliseconds(wanted.goal.ready_by->milliseconds() - maker.up_to(999));
        const auto made = make_plan(wanted);
        rational total;
        auto previous_end = wanted.now;
        for (const auto& block : made.blocks) {
            CHECK(block.start >= previous_end);
            CHECK(block.end > block.start);
            const bool is_whole = block.end.milliseconds() % 1000 == 0;
            CHECK((is_whole || block.end == *wanted.goal.ready_by));
            const bool follows_reserve =
                block.type == block_type::regular && block.start == previous_end;
            const auto milliseconds = block.end.milliseconds() - block.start.milliseconds();
            const auto longest = milliseconds + (follows_reserve ? 1000 : 0);
            CHECK(block.kwh <= of.kwh_per_second() * longest / 1000);
            previous_end = block.end;
            total += block.kwh;
        }
        CHECK(previous_end <= *wanted.goal.ready_by);
        const auto wanted_level =
            std::max(to_rational(wanted.goal.minimum_charge_target), wanted.battery_reserve);
        const rational need = std::max(rational(0), rational(wanted_level - wanted.level)) *
                              wanted.battery_capacity_kwh / 100;
        const rational room = of.kwh_per_second() *
                              (wanted.goal.ready_by->milliseconds() - wanted.now.milliseconds()) /
                              1000;
        CHECK(total == std::min(need, room));
    }
}

}  // namespace planner_property_test
