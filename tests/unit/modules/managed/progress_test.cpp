#include "modules/managed/progress.hpp"

#include "modules/managed/blocks.hpp"
#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace progress_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

/// `REGULAR 10:00-11:00 10`, with a comma between two.
std::string shown(const plan& blocks)
{
    std::string text;
    for (const auto& block : blocks) {
        if (!text.empty()) text += ", ";
        text += std::string(to_string(block.type)) + ' ' + to_string(block.start).substr(11, 5) +
                '-' + to_string(block.end).substr(11, 5) + ' ' + to_text(to_decimal(block.kwh));
    }
    return text;
}

/// At 30 %, with a meter that has not moved.
sessions::session_data idle()
{
    return seen({{"kwh", "0"}, {"soc_start", "30"}, {"meter_value", registers({{"10:00", "0"}})}});
}

/// From 30 % at 10 kW since 10:00, as reported at that time.
sessions::session_data charging_until(const std::string& time, const std::string& kwh)
{
    return seen({{"kwh", kwh},
                 {"soc_start", "30"},
                 {"meter_value", registers({{"10:00", "0"}, {time, kwh}})}});
}

}  // namespace

TEST_CASE("modules/managed/progress: what changes makes a plan and a judgement")
{
    auto session = begun();
    replan(session, idle(), flat_prices(), moment("10:00"));
    CHECK(shown(session.planned) == "REGULAR 10:00-11:00 10");
    CHECK(session.planned_at == moment("10:00"));
    REQUIRE(session.estimate);
    CHECK(session.estimate->target_id == 1);
    CHECK(session.estimate->is_on_target);
}

TEST_CASE("modules/managed/progress: the first plan is remembered to have been the first")
{
    auto session = begun();
    replan(session, seen({{"kwh", "0"}}), flat_prices(), moment("10:00"));
    CHECK_FALSE(session.planned_since);
    replan(session, idle(), flat_prices(), moment("10:05"));
    replan(session, idle(), flat_prices(), moment("10:10"));
    CHECK(session.planned_since == moment("10:05"));
}

TEST_CASE("modules/managed/progress: each quarter-hour that has passed is kept, and no other")
{
    auto session = begun();
    replan(session, idle(), flat_prices(), moment("10:00"));
    advance(session, idle(), flat_prices(), moment("10:14:59"));
    CHECK(session.planned_at == moment("10:00"));
    advance(session, idle(), flat_prices(), moment("10:31"));
    CHECK(session.planned_at == moment("10:30"));
    // What was planned for the past stays; as nothing has flowed, all is still to be done.
    CHECK(shown(session.planned) == "REGULAR 10:00-10:30 5, REGULAR 10:30-11:30 10");
}

TEST_CASE("modules/managed/progress: advancing step by step is advancing at once")
{
    auto at_once = begun();
    auto by_steps = begun();
    const auto prices = cheap_from("12:00", "13:00");
    replan(at_once, charging_until("10:20", "3"), prices, moment("10:05"));
    replan(by_steps, charging_until("10:20", "3"), prices, moment("10:05"));
    for (const char* time : {"10:10", "10:15", "10:29", "11:00", "11:20"}) {
        advance(by_steps, charging_until("10:20", "3"), prices, moment(time));
    }
    advance(at_once, charging_until("10:20", "3"), prices, moment("11:20"));
    CHECK(write_managed_session(at_once) == write_managed_session(by_steps));
}

TEST_CASE("modules/managed/progress: a session without a plan, settled or over, does not advance")
{
    auto session = begun();
    advance(session, idle(), flat_prices(), moment("11:00"));
    CHECK_FALSE(session.planned_at);
    replan(session, idle(), flat_prices(), moment("10:00"));
    auto settled = session;
    settled.is_settled = true;
    advance(settled, idle(), flat_prices(), moment("11:00"));
    CHECK(settled.planned_at == moment("10:00"));
    const auto over = seen({{"status", R"("COMPLETED")"}, {"kwh", "0"}, {"soc_start", "30"}});
    advance(session, over, flat_prices(), moment("11:00"));
    CHECK(session.planned_at == moment("10:00"));
}

TEST_CASE(
    "modules/managed/progress: after a long standstill the quarter-hours of the last week are kept")
{
    auto session = begun();
    session.planned_at = date_time(moment("10:00").instant() - std::chrono::hours(24 * 400));
    const auto still = seen({{"start_date_time", R"("2022-11-27T10:00:00Z")"},
                             {"kwh", "0"},
                             {"soc_start", "30"},
                             {"meter_value", registers({{"10:00", "0"}})}});
    session.targets.clear();
    advance(session, still, cheap_from("15:00", "16:00"), moment("10:00"));
    CHECK(session.planned_at == moment("10:00"));
    CHECK(shown(session.planned).ends_with("REGULAR 15:00-16:00 10"));
}

TEST_CASE("modules/managed/progress: a block that never begins keeps its start over days")
{
    auto session = begun();
    replan(session, idle(), flat_prices(), moment("10:00"));
    const auto days_later = date_time(moment("10:00").instant() + std::chrono::hours(3 * 24 + 7));
    advance(session, idle(), flat_prices(), days_later);
    const auto blocks = merge_adjacent(session.planned);
    REQUIRE(blocks.size() == 1);
    CHECK(blocks.front().start == moment("10:00"));
    CHECK(blocks.front().end > days_later);
}

TEST_CASE("modules/managed/progress: prices that change move what is planned, not what was")
{
    auto session = begun();
    const auto charging = charging_until("10:15", "2.5");
    replan(session, idle(), flat_prices(), moment("10:00"));
    replan(session, charging, cheap_from("12:00", "13:00"), moment("10:15"));
    CHECK(shown(session.planned) == "REGULAR 10:00-10:15 2.5, REGULAR 12:00-12:45 7.5");
}

TEST_CASE(
    "modules/managed/progress: a block that is withdrawn before it could be tried is forgotten")
{
    auto session = begun();
    replan(session, idle(), flat_prices(), moment("10:00"));
    replan(session, idle(), cheap_from("12:00", "13:00"), moment("10:09"));
    CHECK(shown(session.planned) == "REGULAR 12:00-13:00 10");

    auto tried = begun();
    replan(tried, idle(), flat_prices(), moment("10:00"));
    replan(tried, idle(), cheap_from("12:00", "13:00"), moment("10:10"));
    CHECK(shown(tried.planned).starts_with("REGULAR 10:00-10:10"));
}

TEST_CASE(
    "modules/managed/progress: an override that is reached gives way to the policy, with the next "
    "id")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("34"), moment("10:00"));
    replan(session, charging_until("10:10", "1.5"), flat_prices(), moment("10:10"));
    CHECK(session.targets.size() == 2);
    CHECK(session.estimate->type == target_type::immediate_start);
    CHECK(session.estimate->target_id == 2);
    CHECK(session.estimate->reached_at == moment("10:13"));

    replan(session, charging_until("10:15", "2.5"), flat_prices(), moment("10:15"));
    REQUIRE(session.targets.size() == 3);
    CHECK(session.targets.back().id == 3);
    CHECK(session.targets.back().since == moment("10:12"));
    CHECK_FALSE(session.targets.back().user_override);
    CHECK(session.estimate->type == target_type::regular);
    CHECK(session.estimate->target_id == 3);
}

TEST_CASE("modules/managed/progress: an override that is reached when it is set ends at once")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("30"), moment("10:05"));
    replan(session, idle(), flat_prices(), moment("10:05"));
    REQUIRE(session.targets.size() == 3);
    CHECK(session.targets.back().since == moment("10:05"));
}

TEST_CASE("modules/managed/progress: an override whose level is unknown goes on")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("30"), moment("10:05"));
    const auto unknown = seen({{"kwh", "0"}});
    replan(session, unknown, flat_prices(), moment("10:15"));
    CHECK(session.targets.size() == 2);
    CHECK(session.planned.empty());
    CHECK_FALSE(session.estimate);
}

TEST_CASE("modules/managed/progress: COMPLETED without a final reading has no plan, and is judged")
{
    auto session = begun();
    replan(session, idle(), flat_prices(), moment("10:00"));
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("10:30")},
                            {"kwh", "5"},
                            {"soc_start", "30"},
                            {"meter_value", registers({{"10:00", "0"}, {"10:30", "5"}})}});
    replan(session, over, flat_prices(), moment("10:40"));
    CHECK(shown(session.planned) == "REGULAR 10:00-10:30 5");
    REQUIRE(session.estimate);
    CHECK_FALSE(session.estimate->is_on_target);
    CHECK(session.estimate->level_at_ready_by == 40);
    CHECK_FALSE(session.estimate->reached_at);
}

TEST_CASE("modules/managed/progress: what has settled is judged by what it has come to")
{
    const auto settled_with = [](const std::string& kwh) {
        auto session = begun();
        const auto over = seen({{"status", R"("COMPLETED")"},
                                {"end_date_time", test::at("12:00")},
                                {"kwh", kwh},
                                {"soc_start", "30"}});
        replan(session, over, flat_prices(), moment("12:00"));
        return *session.estimate;
    };
    CHECK(settled_with("10").is_on_target);
    CHECK(settled_with("12").is_on_target);
    CHECK_FALSE(settled_with("9.999").is_on_target);
    CHECK(settled_with("9").level_at_ready_by == 48);
}

TEST_CASE(
    "modules/managed/progress: an immediate start that has not been reached keeps its projection")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("50"), moment("10:00"));
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("10:30")},
                            {"kwh", "5"},
                            {"soc_start", "30"}});
    replan(session, over, flat_prices(), moment("10:30"));
    REQUIRE(session.estimate);
    CHECK(session.estimate->type == target_type::immediate_start);
    CHECK(session.estimate->target_id == 2);
    CHECK(session.estimate->reached_at == moment("11:00"));
}

TEST_CASE(
    "modules/managed/progress: a session that ends before it begins is judged as of its beginning")
{
    auto session = begun();
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("09:00")},
                            {"kwh", "5"},
                            {"soc_start", "30"}});
    replan(session, over, flat_prices(), moment("09:00"));
    REQUIRE(session.estimate);
    CHECK(session.planned.empty());
}

}  // namespace progress_test
