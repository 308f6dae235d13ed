#include "crud/totals_plan.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <vector>

namespace totals_plan_test {

using namespace ocpi;
using namespace ocpi::crud;

namespace {

constexpr std::int64_t quarter = std::chrono::milliseconds(std::chrono::minutes(15)).count();
constexpr std::int64_t day = std::chrono::milliseconds(std::chrono::days(1)).count();

date_time at(std::int64_t milliseconds)
{
    return date_time::from_milliseconds(milliseconds);
}

totals_query query_of(std::optional<std::int64_t> from, std::optional<std::int64_t> to)
{
    totals_query query;
    auto& range = query.ranges.emplace_back();
    range.category = "completed";
    if (from) range.from = at(*from);
    if (to) range.to = at(*to);
    return query;
}

std::int64_t begin_of(std::int64_t slot, total_level level)
{
    return start_of_slot(slot, level).milliseconds();
}

/// How many parts of the plan hold that instant.
int parts_with(const totals_plan& plan, std::int64_t instant)
{
    int found = 0;
    for (const auto& part : plan.slots) {
        const auto slot = slot_of(at(instant), part.level);
        if (part.slots.from <= slot && slot < part.slots.to) ++found;
    }
    for (const auto& part : plan.rests) {
        if (part.range.from <= at(instant) && at(instant) < part.range.to) ++found;
    }
    return found;
}

}  // namespace

TEST_CASE("crud/totals_plan: a range is days, the quarter-hours beside them, and rests")
{
    const auto plan = plan_totals(query_of(10 * day - quarter - 1, 12 * day + 2 * quarter + 5));
    REQUIRE(plan.slots.size() == 3);
    const auto& days = plan.slots[0];
    CHECK(days.category == "completed");
    CHECK(days.level == total_level::day_of_update);
    CHECK(begin_of(days.slots.from, days.level) == 10 * day);
    CHECK(begin_of(days.slots.to, days.level) == 12 * day);
    const auto& before = plan.slots[1];
    CHECK(before.level == total_level::quarter_hour_of_update);
    CHECK(begin_of(before.slots.from, before.level) == 10 * day - quarter);
    CHECK(begin_of(before.slots.to, before.level) == 10 * day);
    const auto& behind = plan.slots[2];
    CHECK(begin_of(behind.slots.from, behind.level) == 12 * day);
    CHECK(begin_of(behind.slots.to, behind.level) == 12 * day + 2 * quarter);
    REQUIRE(plan.rests.size() == 2);
    CHECK(plan.rests[0].range == instant_range{at(10 * day - quarter - 1), at(10 * day - quarter)});
    CHECK(plan.rests[1].range ==
          instant_range{at(12 * day + 2 * quarter), at(12 * day + 2 * quarter + 5)});
}

TEST_CASE("crud/totals_plan: a range within a quarter-hour is a rest, one without bounds all days")
{
    const auto narrow = plan_totals(query_of(5, 9));
    CHECK(narrow.slots.empty());
    REQUIRE(narrow.rests.size() == 1);
    CHECK(narrow.rests[0].range == instant_range{at(5), at(9)});

    const auto all = plan_totals(query_of(std::nullopt, std::nullopt));
    REQUIRE(all.slots.size() == 1);
    CHECK(all.slots[0].level == total_level::day_of_update);
    CHECK(all.slots[0].slots == slot_range());
    CHECK(all.rests.empty());

    CHECK(plan_totals(query_of(9, 9)).rests.empty());
    CHECK(plan_totals(query_of(9, 5)).rests.empty());
}

TEST_CASE("crud/totals_plan: each instant of a range is in one part, and no other instant in any")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto number = [&](std::int64_t most) {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random);
    };
    const auto instant = [&] {
        const auto within = number(2) == 0 ? 0 : number(quarter - 1);
        return 20'000 * day + number(3) * day + number(95) * quarter + within;
    };
    for (int round = 0; round < 500; ++round) {
        std::optional<std::int64_t> from;
        std::optional<std::int64_t> to;
        if (number(3) > 0) from = instant();
        if (number(3) > 0) to = instant();
        const auto plan = plan_totals(query_of(from, to));
        std::optional<days_plan> days;
        if (from && to) days = split_into_days(instant_range{at(*from), at(*to)});
        for (int i = 0; i < 50; ++i) {
            const auto asked = i == 0 && from ? *from : i == 1 && to ? *to : instant();
            const bool is_within = (!from || asked >= *from) && (!to || asked < *to);
            CHECK(parts_with(plan, asked) == (is_within ? 1 : 0));
            if (!days) continue;
            totals_plan same;
            same.slots.emplace_back().slots = days->days;
            for (const auto& rest : days->rests) same.rests.emplace_back().range = rest;
            CHECK(parts_with(same, asked) == (is_within ? 1 : 0));
        }
    }
}

TEST_CASE("crud/totals_plan: slots tell totals by start of whole quarter-hours, and of no text")
{
    auto query = query_of(day, day + quarter);
    CHECK(is_summed_by_slots(query));
    query.by_start = true;
    REQUIRE(is_summed_by_slots(query));
    const auto plan = plan_totals(query);
    REQUIRE(plan.slots.size() == 1);
    CHECK(plan.slots[0].level == total_level::quarter_hour_of_start);
    CHECK(plan.rests.empty());
    query.ranges[0].to = at(day + quarter + 1);
    CHECK_FALSE(is_summed_by_slots(query));
    query.by_start = false;
    CHECK(is_summed_by_slots(query));
    query.text = "DE";
    CHECK_FALSE(is_summed_by_slots(query));
    query.text.clear();
    query.contracts.emplace();
    CHECK_FALSE(is_summed_by_slots(query));
}

}  // namespace totals_plan_test
