#include "modules/managed/target_history.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace target_history_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;

namespace {

/// `1 POLICY 10:00, 2 IMMEDIATE_START 10:05`
std::string shown(const target_history& log)
{
    std::string text;
    for (const auto& entry : log) {
        if (!text.empty()) text += ", ";
        text += std::to_string(entry.id) + ' ';
        text += entry.user_override ? to_string(entry.user_override->type) : "POLICY";
        text += ' ' + to_string(entry.since).substr(11, 5);
    }
    return text;
}

}  // namespace

TEST_CASE(
    "modules/managed/target_history: an empty log stands for the policy's target, with the id 1")
{
    const auto entry = target_in_force({}, moment("10:00"));
    CHECK(entry.id == 1);
    const auto goal = target_of(entry, policy_for(), moment("10:00"));
    REQUIRE(goal);
    CHECK(goal->type == target_type::regular);
    CHECK(goal->source == target_source::policy);
    CHECK(goal->minimum_charge_target == number("50"));
    CHECK(goal->ready_by == moment("16:00"));
}

TEST_CASE(
    "modules/managed/target_history: every change takes the next id, the return to the policy "
    "included")
{
    target_history log;
    begin_override(log, immediate_start("70"), moment("10:05"));
    CHECK(shown(log) == "1 POLICY 10:05, 2 IMMEDIATE_START 10:05");
    begin_override(log, by_user("90", "18:00"), moment("10:10"));
    end_override(log, moment("10:20"));
    CHECK(shown(log) == "1 POLICY 10:05, 2 IMMEDIATE_START 10:05, 3 REGULAR 10:10, 4 POLICY 10:20");
}

TEST_CASE("modules/managed/target_history: what changes nothing takes no id")
{
    target_history log;
    end_override(log, moment("10:00"));
    CHECK(log.empty());
    begin_override(log, immediate_start("70"), moment("10:05"));
    begin_override(log, immediate_start("70"), moment("10:10"));
    CHECK(log.size() == 2);
    end_override(log, moment("10:15"));
    end_override(log, moment("10:20"));
    CHECK(log.size() == 3);
}

TEST_CASE("modules/managed/target_history: an entry counts from its instant until that of the next")
{
    target_history log{{1, moment("10:00"), {}}};
    begin_override(log, immediate_start("70"), moment("10:30"));
    end_override(log, moment("11:00"));
    CHECK(target_in_force(log, moment("09:00")).id == 1);
    CHECK(target_in_force(log, moment("10:29:59")).id == 1);
    CHECK(target_in_force(log, moment("10:30")).id == 2);
    CHECK(target_in_force(log, moment("10:59:59")).id == 2);
    CHECK(target_in_force(log, moment("11:00")).id == 3);
    CHECK(target_in_force(log, moment("23:00")).id == 3);
}

TEST_CASE("modules/managed/target_history: an entry never begins before the one that it follows")
{
    target_history log{{1, moment("10:00"), {}}};
    begin_override(log, immediate_start("70"), moment("10:30"));
    end_override(log, moment("10:20"));
    CHECK(shown(log) == "1 POLICY 10:00, 2 IMMEDIATE_START 10:30, 3 POLICY 10:30");
    CHECK(target_in_force(log, moment("10:30")).id == 3);
}

TEST_CASE("modules/managed/target_history: of targets without end the latest are remembered")
{
    target_history log;
    for (std::size_t i = 0; i < max_remembered_targets; ++i) {
        begin_override(log, immediate_start("70"), moment("10:00"));
        end_override(log, moment("10:00"));
    }
    CHECK(log.size() == max_remembered_targets);
    constexpr auto last = 2 * static_cast<std::int64_t>(max_remembered_targets) + 1;
    CHECK(log.back().id == last);
    CHECK(log.front().id == last - static_cast<std::int64_t>(max_remembered_targets) + 1);
    CHECK(target_in_force(log, moment("09:00")).id == log.front().id);
}

TEST_CASE(
    "modules/managed/target_history: the policy's target moves along its schedule under one id")
{
    const auto rule = policy_for();
    const target_history log{{3, moment("10:00"), {}}};
    const auto before = target_in_force(log, moment("15:59:59"));
    const auto after = target_in_force(log, moment("16:00"));
    CHECK(before.id == 3);
    CHECK(after.id == 3);
    CHECK(target_of(before, rule, moment("15:59:59"))->ready_by == moment("16:00"));
    CHECK(to_string(*target_of(after, rule, moment("16:00"))->ready_by) == "2024-01-02T16:00:00Z");
}

TEST_CASE("modules/managed/target_history: a schedule without weekdays has no target")
{
    auto rule = policy_for();
    rule.schedule.clear();
    CHECK_FALSE(target_of(target_entry(), rule, moment("10:00")));
    const target_entry set{2, moment("10:00"), immediate_start("70")};
    CHECK(target_of(set, rule, moment("10:00")) == immediate_start("70"));
}

TEST_CASE("modules/managed/target_history: a policy that asks for something else takes the next id")
{
    const auto before = policy_for();
    auto after = before;
    after.contract_ids.emplace_back("OTHER");
    target_history log;
    change_policy(log, before, after, moment("11:00"));
    CHECK(log.empty());

    after.schedule[0].minimum_charge_target = number("80");
    change_policy(log, before, after, moment("11:00"));
    CHECK(shown(log) == "1 POLICY 11:00, 2 POLICY 11:00");

    after = before;
    after.battery_reserve = number("30");
    change_policy(log, before, after, moment("12:00"));
    CHECK(log.back().id == 3);
}

TEST_CASE(
    "modules/managed/target_history: the reserve is part of a user's target, but not of an "
    "immediate "
    "start")
{
    const auto before = policy_for();
    auto after = before;
    after.battery_reserve = number("30");
    target_history regular;
    begin_override(regular, by_user("90", "18:00"), moment("10:05"));
    change_policy(regular, before, after, moment("11:00"));
    CHECK(shown(regular) == "1 POLICY 10:05, 2 REGULAR 10:05, 3 REGULAR 11:00");
    CHECK(regular[2].user_override == regular[1].user_override);

    target_history immediate;
    begin_override(immediate, immediate_start("70"), moment("10:05"));
    change_policy(immediate, before, after, moment("11:00"));
    CHECK(immediate.size() == 2);
}

TEST_CASE("modules/managed/target_history: each entry keeps the reserve under which it counted")
{
    const auto twenty = policy_for();
    auto thirty = twenty;
    thirty.battery_reserve = number("30");
    auto forty = twenty;
    forty.battery_reserve = number("40");
    target_history log;
    change_policy(log, twenty, thirty, moment("11:00"));
    begin_override(log, immediate_start("70"), moment("11:30"));
    change_policy(log, thirty, forty, moment("12:00"));
    end_override(log, moment("12:30"));
    std::string reserves;
    for (const auto& entry : log) reserves += to_text(reserve_of(entry, forty)) + ' ';
    CHECK(shown(log) == "1 POLICY 11:00, 2 POLICY 11:00, 3 IMMEDIATE_START 11:30, 4 POLICY 12:30");
    CHECK(reserves == "20 30 30 40 ");
}

TEST_CASE("modules/managed/target_history: a policy that changes below a user's target takes no id")
{
    const auto before = policy_for();
    auto after = before;
    after.schedule[0].minimum_charge_target = number("80");
    target_history log;
    begin_override(log, immediate_start("70"), moment("10:05"));
    change_policy(log, before, after, moment("11:00"));
    CHECK(log.size() == 2);
}

TEST_CASE(
    "modules/managed/target_history: without a vehicle a deadline that passes ends its override")
{
    target_history log;
    begin_override(log, by_user("90", "12:00"), moment("10:00"));
    expire_unused(log, moment("11:59:59"));
    CHECK(log.size() == 2);
    expire_unused(log, moment("13:00"));
    CHECK(shown(log) == "1 POLICY 10:00, 2 REGULAR 10:00, 3 POLICY 12:00");
}

TEST_CASE("modules/managed/target_history: without a vehicle an immediate start waits for one")
{
    target_history log;
    begin_override(log, immediate_start("90"), moment("10:00"));
    expire_unused(log, moment("23:59"));
    CHECK(log.size() == 2);
}

}  // namespace target_history_test
