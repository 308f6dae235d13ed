#include "modules/managed/blocks.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace blocks_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

/// `REGULAR 10:00-11:00 10`, with a comma between two.
std::string shown(const std::vector<block>& blocks)
{
    std::string text;
    for (const auto& block : blocks) {
        if (!text.empty()) text += ", ";
        text += std::string(to_string(block.type)) + ' ' + to_string(block.start).substr(11, 5) +
                '-' + to_string(block.end).substr(11, 5) + ' ' + to_text(block.kwh_sum);
    }
    return text;
}

/// At 10 kW from 10:00 to 11:00.
sessions::session_data hour_of_charging(const std::string& soc_start)
{
    return seen({{"kwh", "10"},
                 {"soc_start", soc_start},
                 {"meter_value", registers({{"10:00", "0"}, {"11:00", "10"}})}});
}

std::string past(const managed_session& session, const sessions::session_data& of,
                 const std::string& now)
{
    const charging_history reading(of, session, moment(now));
    return shown(past_blocks(session, reading));
}

std::string future(const managed_session& session, const sessions::session_data& of,
                   const std::string& now)
{
    const charging_history reading(of, session, moment(now));
    return shown(future_blocks(session, reading, moment(now)));
}

managed_session with_plan(plan planned)
{
    auto session = begun();
    session.planned = std::move(planned);
    return session;
}

}  // namespace

TEST_CASE("modules/managed/blocks: a run of energy is one block, a pause makes two")
{
    CHECK(past(begun(), hour_of_charging("30"), "11:00") == "REGULAR 10:00-11:00 10");
    const auto meter = registers({{"10:00", "0"}, {"10:15", "2"}, {"10:45", "2"}, {"11:00", "3"}});
    const auto paused = seen({{"kwh", "3"}, {"soc_start", "30"}, {"meter_value", meter}});
    CHECK(past(begun(), paused, "11:00") == "REGULAR 10:00-10:15 2, REGULAR 10:45-11:00 1");
}

TEST_CASE("modules/managed/blocks: no energy, no blocks")
{
    CHECK(past(begun(), seen({{"kwh", "0"}, {"soc_start", "5"}}), "11:00").empty());
}

TEST_CASE("modules/managed/blocks: what was charged below the reserve is a block of its own")
{
    CHECK(past(begun(), hour_of_charging("10"), "11:00") ==
          "BATTERY_RESERVE 10:00-10:30 5, REGULAR 10:30-11:00 5");
    CHECK(past(begun(), hour_of_charging("20"), "11:00") == "REGULAR 10:00-11:00 10");
    CHECK(past(begun(), hour_of_charging("0"), "11:00") == "BATTERY_RESERVE 10:00-11:00 10");
}

TEST_CASE("modules/managed/blocks: what was charged under an immediate start is a block of its own")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("90"), moment("10:15"));
    CHECK(past(session, hour_of_charging("30"), "11:00") ==
          "REGULAR 10:00-10:15 2.5, IMMEDIATE_START 10:15-11:00 7.5");
    end_override(session.targets, moment("10:45"));
    CHECK(past(session, hour_of_charging("30"), "11:00") ==
          "REGULAR 10:00-10:15 2.5, IMMEDIATE_START 10:15-10:45 5, REGULAR 10:45-11:00 2.5");
}

TEST_CASE("modules/managed/blocks: an immediate start goes before the reserve")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("90"), moment("10:15"));
    end_override(session.targets, moment("10:24"));
    CHECK(past(session, hour_of_charging("10"), "11:00") ==
          "BATTERY_RESERVE 10:00-10:15 2.5, IMMEDIATE_START 10:15-10:24 1.5, "
          "BATTERY_RESERVE 10:24-10:30 1, REGULAR 10:30-11:00 5");
}

TEST_CASE("modules/managed/blocks: a target of the same type makes no cut")
{
    auto session = begun();
    begin_override(session.targets, by_user("90", "18:00"), moment("10:15"));
    begin_override(session.targets, by_user("95", "18:00"), moment("10:30"));
    CHECK(past(session, hour_of_charging("30"), "11:00") == "REGULAR 10:00-11:00 10");
}

TEST_CASE("modules/managed/blocks: a level that is unknown counts as REGULAR")
{
    const auto unknown =
        seen({{"kwh", "10"}, {"meter_value", registers({{"10:00", "0"}, {"11:00", "10"}})}});
    CHECK(past(begun(), unknown, "11:00") == "REGULAR 10:00-11:00 10");
}

TEST_CASE("modules/managed/blocks: the sum of the blocks is the session's energy to the last digit")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("90"), moment("10:07:13"));
    end_override(session.targets, moment("10:41:59"));
    const auto meter = registers({{"10:00", "0"}, {"10:20", "1"}, {"10:25", "1"}, {"11:00", "3"}});
    const auto odd =
        seen({{"kwh", "7.000000000000001"}, {"soc_start", "15"}, {"meter_value", meter}});
    const charging_history reading(odd, session, moment("11:17:03"));
    decimal sum;
    for (const auto& each : past_blocks(session, reading)) sum = sum + each.kwh_sum;
    CHECK(to_text(sum) == "7.000000000000001");
}

TEST_CASE("modules/managed/blocks: energy of a session that has no time is a block of no length")
{
    const auto of_no_time = seen({{"status", R"("COMPLETED")"},
                                  {"end_date_time", test::at("10:00")},
                                  {"kwh", "3"},
                                  {"soc_start", "30"}});
    CHECK(past(begun(), of_no_time, "11:00") == "REGULAR 10:00-10:00 3");
}

TEST_CASE("modules/managed/blocks: what is planned for later is shown as it is planned")
{
    const auto session =
        with_plan({{block_type::regular, moment("12:00"), moment("12:45"), rational(15, 2)}});
    CHECK(future(session, hour_of_charging("30"), "11:00") == "REGULAR 12:00-12:45 7.5");
}

TEST_CASE(
    "modules/managed/blocks: a begun block in which nothing has flowed keeps its start and shows 0")
{
    const auto session =
        with_plan({{block_type::regular, moment("10:00"), moment("10:15"), rational(5, 2)},
                   {block_type::regular, moment("10:15"), moment("11:15"), 10}});
    const auto idle =
        seen({{"kwh", "0"}, {"soc_start", "30"}, {"meter_value", registers({{"10:00", "0"}})}});
    CHECK(future(session, idle, "10:20") == "REGULAR 10:00-11:15 0");
}

TEST_CASE("modules/managed/blocks: a begun block in which energy flows is cut at now")
{
    const auto session = with_plan({{block_type::regular, moment("10:00"), moment("11:00"), 10}});
    const auto charging = seen({{"kwh", "5"},
                                {"soc_start", "30"},
                                {"meter_value", registers({{"10:00", "0"}, {"10:30", "5"}})}});
    CHECK(past(session, charging, "10:30") == "REGULAR 10:00-10:30 5");
    CHECK(future(session, charging, "10:30") == "REGULAR 10:30-11:00 5");
}

TEST_CASE("modules/managed/blocks: planned blocks that have passed are not shown")
{
    const auto session = with_plan({{block_type::regular, moment("10:00"), moment("10:30"), 5}});
    CHECK(future(session, hour_of_charging("30"), "10:30").empty());
    CHECK(future(session, hour_of_charging("30"), "11:00").empty());
}

TEST_CASE("modules/managed/blocks: blocks of one type that touch are one, of two types are not")
{
    const plan planned{{block_type::battery_reserve, moment("10:00"), moment("10:15"), 2},
                       {block_type::regular, moment("10:15"), moment("10:30"), 2},
                       {block_type::regular, moment("10:30"), moment("10:45"), 1},
                       {block_type::regular, moment("11:00"), moment("11:15"), 2}};
    const plan expected{{block_type::battery_reserve, moment("10:00"), moment("10:15"), 2},
                        {block_type::regular, moment("10:15"), moment("10:45"), 3},
                        {block_type::regular, moment("11:00"), moment("11:15"), 2}};
    CHECK(merge_adjacent(planned) == expected);
    CHECK(merge_adjacent({}).empty());
}

}  // namespace blocks_test
