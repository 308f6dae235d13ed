#include "modules/managed/planner.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace planner_test {

using namespace ocpi;
using namespace ocpi::managed;

namespace {

date_time at(const std::string& text)
{
    return parse_date_time(text)->value;
}

decimal number(const std::string& text)
{
    return *decimal::parse(text);
}

/// 60 kWh at 11 kW, from 35 % to 50 % by 07:00: 9 kWh, 49 minutes 5.45 seconds.
plan_request night()
{
    plan_request made;
    made.now = at("2026-06-10T22:15:00Z");
    made.goal.minimum_charge_target = number("50");
    made.goal.ready_by = at("2026-06-11T07:00:00Z");
    made.level = 35;
    made.battery_reserve = 20;
    made.battery_capacity_kwh = 60;
    made.max_power_kw = 11;
    return made;
}

/// The price of a slot by its start; 30 for all others.
price_curve prices(std::map<std::string, int> cheaper)
{
    return [cheaper = std::move(cheaper)](date_time start) {
        const auto found = cheaper.find(to_string(start).substr(11, 5));
        return rational(found == cheaper.end() ? 30 : found->second);
    };
}

/// `REGULAR 22:15:00-23:04:06 9`, one block a line.
std::string shown(const plan& blocks)
{
    std::string lines;
    for (const auto& block : blocks) {
        if (!lines.empty()) lines += '\n';
        lines += std::string(to_string(block.type)) + ' ' + to_string(block.start).substr(11);
        lines.pop_back();
        lines += '-' + to_string(block.end).substr(11);
        lines.pop_back();
        lines += ' ' + to_text(to_decimal(block.kwh));
    }
    return lines;
}

std::string plan_of(const plan_request& wanted)
{
    return shown(make_plan(wanted).blocks);
}

}  // namespace

TEST_CASE("modules/managed/planner: where all slots cost the same, charging begins now")
{
    const auto made = make_plan(night());
    CHECK(shown(made.blocks) == "REGULAR 22:15:00-23:04:06 9");
    CHECK(made.reaches_target);
    CHECK(made.level_at_ready_by == 50);
    CHECK(made.target_reached_at == at("2026-06-10T23:04:06Z"));
}

TEST_CASE("modules/managed/planner: the cheapest slots are taken, the dearest of them in part")
{
    auto wanted = night();
    wanted.price = prices({{"01:00", 10}, {"01:15", 10}, {"01:30", 20}, {"04:00", 11}});
    const auto made = make_plan(wanted);
    CHECK(shown(made.blocks) == "REGULAR 01:00:00-01:34:06 6.25\nREGULAR 04:00:00-04:15:00 2.75");
    CHECK(made.target_reached_at == at("2026-06-11T04:15:00Z"));
}

TEST_CASE(
    "modules/managed/planner: a slot taken in part ends early, even before one that is taken whole")
{
    auto wanted = night();
    wanted.price = prices({{"01:00", 20}, {"01:15", 10}, {"01:30", 10}, {"04:00", 11}});
    CHECK(plan_of(wanted) ==
          "REGULAR 01:00:00-01:04:06 0.75\nREGULAR 01:15:00-01:45:00 5.5\n"
          "REGULAR 04:00:00-04:15:00 2.75");
}

TEST_CASE("modules/managed/planner: of slots that cost the same the earliest are taken")
{
    auto wanted = night();
    wanted.price =
        prices({{"02:00", 10}, {"03:00", 10}, {"04:00", 10}, {"05:00", 10}, {"06:00", 10}});
    CHECK(plan_of(wanted) ==
          "REGULAR 02:00:00-02:15:00 2.75\nREGULAR 03:00:00-03:15:00 2.75\n"
          "REGULAR 04:00:00-04:15:00 2.75\nREGULAR 05:00:00-05:04:06 0.75");
}

TEST_CASE("modules/managed/planner: the first slot begins now, the others on the quarter-hour")
{
    auto wanted = night();
    wanted.now = at("2026-06-10T22:20:30.500Z");
    wanted.price = prices({{"22:20", 10}, {"22:45", 10}, {"23:15", 11}});
    // 9 min 29.5 s, 15 min, 15 min, and 9 min 35.954… s of 22:30.
    const auto made = make_plan(wanted);
    CHECK(to_string(made.blocks.front().start) == "2026-06-10T22:20:30.500Z");
    CHECK(to_string(made.blocks.front().end) == "2026-06-10T22:39:36Z");
    CHECK(made.blocks.size() == 3);
    CHECK(made.blocks[0].kwh + made.blocks[1].kwh + made.blocks[2].kwh == 9);
}

TEST_CASE("modules/managed/planner: the last slot ends at ready_by, on a quarter-hour or not")
{
    auto wanted = night();
    wanted.goal.ready_by = at("2026-06-11T06:52:17Z");
    wanted.price = prices({{"06:45", 10}, {"06:30", 11}, {"06:15", 12}, {"06:00", 13}});
    // 7 min 17 s + 15 + 15, and 11 min 48.45 s of 06:00.
    const auto made = make_plan(wanted);
    REQUIRE(made.blocks.size() == 2);
    CHECK(to_string(made.blocks[0].start) == "2026-06-11T06:00:00Z");
    CHECK(to_string(made.blocks[0].end) == "2026-06-11T06:11:49Z");
    CHECK(to_string(made.blocks[1].start) == "2026-06-11T06:15:00Z");
    CHECK(to_string(made.blocks[1].end) == "2026-06-11T06:52:17Z");
}

TEST_CASE("modules/managed/planner: the reserve comes first and at once, whatever it costs")
{
    auto wanted = night();
    wanted.level = 15;
    wanted.price = prices({{"22:15", 90},
                           {"03:00", 10},
                           {"03:15", 10},
                           {"03:30", 10},
                           {"03:45", 10},
                           {"04:00", 10},
                           {"04:15", 10},
                           {"04:30", 12}});
    // 3 kWh in 16 min 21.8 s, then 18 kWh in 98 min 10.9 s.
    CHECK(plan_of(wanted) == "BATTERY_RESERVE 22:15:00-22:31:22 3\nREGULAR 03:00:00-04:38:11 18");
}

TEST_CASE(
    "modules/managed/planner: the rest of the slot in which the reserve is done is for the goal")
{
    auto wanted = night();
    wanted.battery_reserve = rational(3500, 100) + rational(55, 60);  // 0.55 kWh: 3 minutes
    wanted.price = prices({{"22:15", 10}, {"03:00", 11}, {"03:15", 11}, {"03:30", 12}});
    CHECK(plan_of(wanted) ==
          "BATTERY_RESERVE 22:15:00-22:18:00 0.55\nREGULAR 22:18:00-22:30:00 2.2\n"
          "REGULAR 03:00:00-03:34:06 6.25");
    // Dearer than others, it is left.
    wanted.price = prices({{"22:15", 40}});
    CHECK(plan_of(wanted) ==
          "BATTERY_RESERVE 22:15:00-22:18:00 0.55\nREGULAR 22:30:00-23:16:06 8.45");
}

TEST_CASE("modules/managed/planner: fractions of a second do not add up over a slot's blocks")
{
    auto wanted = night();
    const rational percent_per_second = rational(11, 3600) * 100 / 60;
    wanted.level = 50 - percent_per_second * 241;
    wanted.battery_reserve = wanted.level + percent_per_second * rational(361, 2);
    // 3 min 0.5 s, then 1 min 0.5 s.
    const auto made = make_plan(wanted);
    REQUIRE(made.blocks.size() == 2);
    CHECK(made.blocks[0].end == at("2026-06-10T22:18:01Z"));
    CHECK(made.blocks[1].end == at("2026-06-10T22:19:01Z"));
}

TEST_CASE("modules/managed/planner: a rest of less than a second counts as the reserve's")
{
    auto wanted = night();
    // 14 min 59.6 s.
    wanted.battery_reserve = wanted.level + rational(8996, 10) * 11 / 3600 * 100 / 60;
    wanted.price = prices({{"22:15", 10}, {"22:30", 30}});
    const auto made = make_plan(wanted);
    REQUIRE(made.blocks.size() == 2);
    CHECK(made.blocks[0].end == at("2026-06-10T22:30:00Z"));
    CHECK(made.blocks[0].kwh == rational(11, 4));
    CHECK(made.blocks[1].start == at("2026-06-10T22:30:00Z"));
    CHECK(made.blocks[1].kwh == 9 - rational(11, 4));
}

TEST_CASE("modules/managed/planner: a reserve above the goal is charged, and no more")
{
    auto wanted = night();
    wanted.battery_reserve = 55;
    const auto made = make_plan(wanted);
    CHECK(shown(made.blocks) == "BATTERY_RESERVE 22:15:00-23:20:28 12");
    CHECK(made.target_reached_at == at("2026-06-10T23:04:06Z"));
    CHECK(made.level_at_ready_by == 55);
    wanted.level = 52;
    CHECK(plan_of(wanted) == "BATTERY_RESERVE 22:15:00-22:24:50 1.8");
    CHECK(make_plan(wanted).target_reached_at == wanted.now);
}

TEST_CASE("modules/managed/planner: a goal out of reach takes every slot until ready_by")
{
    auto wanted = night();
    wanted.goal.ready_by = at("2026-06-10T22:45:00Z");
    wanted.price = prices({{"22:15", 90}});
    auto made = make_plan(wanted);
    CHECK(shown(made.blocks) == "REGULAR 22:15:00-22:45:00 5.5");
    CHECK_FALSE(made.reaches_target);
    CHECK(made.level_at_ready_by == 35 + rational(550, 60));
    CHECK(made.target_reached_at == at("2026-06-10T23:04:06Z"));

    wanted.battery_reserve = 48;
    made = make_plan(wanted);
    CHECK(shown(made.blocks) == "BATTERY_RESERVE 22:15:00-22:45:00 5.5");
    CHECK_FALSE(made.reaches_target);
    CHECK(made.target_reached_at == at("2026-06-10T23:04:06Z"));
}

TEST_CASE("modules/managed/planner: a goal that takes all the time there is is reached")
{
    auto wanted = night();
    wanted.max_power_kw = 12;
    wanted.goal.ready_by = at("2026-06-10T23:00:00Z");
    const auto made = make_plan(wanted);
    CHECK(shown(made.blocks) == "REGULAR 22:15:00-23:00:00 9");
    CHECK(made.reaches_target);
    CHECK(made.level_at_ready_by == 50);
    CHECK(made.target_reached_at == wanted.goal.ready_by);
}

TEST_CASE(
    "modules/managed/planner: an immediate start is one block from now until the goal is reached")
{
    auto wanted = night();
    wanted.goal.type = target_type::immediate_start;
    wanted.goal.ready_by.reset();
    wanted.price = prices({{"01:00", 10}});
    wanted.level = 10;
    wanted.now = at("2026-06-10T22:20:30.500Z");
    const auto made = make_plan(wanted);
    REQUIRE(made.blocks.size() == 1);
    CHECK(made.blocks[0].type == block_type::immediate_start);
    CHECK(made.blocks[0].start == wanted.now);
    // 24 kWh: 2 h 10 min 54.545 s.
    CHECK(made.blocks[0].end == at("2026-06-11T00:31:26Z"));
    CHECK(made.blocks[0].kwh == 24);
    CHECK(made.reaches_target);
    CHECK(made.level_at_ready_by == 50);
    CHECK(made.target_reached_at == made.blocks[0].end);
}

TEST_CASE("modules/managed/planner: what is reached needs no plan")
{
    for (const auto type : {target_type::regular, target_type::immediate_start}) {
        auto wanted = night();
        wanted.goal.type = type;
        for (const int level : {50, 51, 100}) {
            wanted.level = level;
            const auto made = make_plan(wanted);
            CHECK(made.blocks.empty());
            CHECK(made.reaches_target);
            CHECK(made.level_at_ready_by == level);
            CHECK(made.target_reached_at == wanted.now);
        }
    }
}

TEST_CASE("modules/managed/planner: after ready_by there is nothing to plan")
{
    auto wanted = night();
    wanted.battery_reserve = 40;
    for (const char* ready_by : {"2026-06-10T22:15:00Z", "2026-06-10T22:14:59Z"}) {
        wanted.goal.ready_by = at(ready_by);
        const auto made = make_plan(wanted);
        CHECK(made.blocks.empty());
        CHECK_FALSE(made.reaches_target);
        CHECK(made.level_at_ready_by == 35);
        CHECK(made.target_reached_at == at("2026-06-10T23:04:06Z"));
    }
}

TEST_CASE("modules/managed/planner: a deadline years away is planned for as far as the horizon")
{
    auto wanted = night();
    wanted.goal.ready_by = at("9999-12-31T23:59:59Z");
    std::size_t asked = 0;
    wanted.price = [&asked](date_time start) {
        ++asked;
        return rational(-start.milliseconds());
    };
    auto made = make_plan(wanted);
    CHECK(asked == 35 * 96);
    CHECK(made.reaches_target);
    CHECK(to_string(made.blocks.back().end) == "2026-07-15T22:15:00Z");

    // 9 kWh at 9 W take 1000 hours.
    wanted.max_power_kw = rational(9, 1000);
    made = make_plan(wanted);
    CHECK(made.blocks.size() == 1);
    CHECK(to_string(made.blocks.back().end) == "2026-07-15T22:15:00Z");
    CHECK(made.reaches_target);
    CHECK(made.level_at_ready_by == 50);
    CHECK(to_string(*made.target_reached_at) == "2026-07-22T14:15:00Z");
}

TEST_CASE(
    "modules/managed/planner: what would take more than ten years has no end that could be told")
{
    auto wanted = night();
    wanted.max_power_kw = rational(1, 1'000'000);
    for (const auto type : {target_type::regular, target_type::immediate_start}) {
        wanted.goal.type = type;
        const auto made = make_plan(wanted);
        CHECK(made.blocks.size() == 1);
        CHECK_FALSE(made.target_reached_at);
    }
    wanted.max_power_kw = 0;
    CHECK(make_plan(wanted).blocks.empty());
    CHECK_FALSE(make_plan(wanted).reaches_target);
    CHECK_FALSE(make_plan(wanted).target_reached_at);
}

TEST_CASE("modules/managed/planner: a negative price does not make a plan charge beyond its goal")
{
    auto wanted = night();
    wanted.price = [](date_time) { return rational(-1); };
    CHECK(plan_of(wanted) == "REGULAR 22:15:00-23:04:06 9");
}

}  // namespace planner_test
