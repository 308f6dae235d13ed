#include "modules/managed/control_error.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace control_error_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

/// `START_FAIL`, `MISSING_CAPABILITIES METER_VALUES`; empty for none.
std::string error_of(const managed_session& session, const sessions::session_data& of,
                     const std::string& now)
{
    const charging_history reading(of, session, moment(now));
    const auto found = find_control_error(session, of, reading, moment(now));
    if (!found) return "";
    std::string text(to_string(found->type));
    for (const auto name : found->missing_capabilities) text += ' ' + std::string(name);
    return text;
}

sessions::session_data idle()
{
    return seen({{"kwh", "0"}, {"soc_start", "30"}, {"meter_value", registers({{"10:00", "0"}})}});
}

/// A meter that has been at these kWh since 10:00.
sessions::session_data metered(std::initializer_list<std::pair<std::string, std::string>> readings,
                               const std::string& kwh)
{
    return seen({{"kwh", kwh}, {"soc_start", "30"}, {"meter_value", registers(readings)}});
}

/// A session with plans since 10:00, by which nothing is to flow.
managed_session planned_idle()
{
    auto session = begun();
    session.planned_since = moment("10:00");
    return session;
}

managed_session planned_from(const std::string& start, const std::string& end)
{
    auto session = planned_idle();
    session.planned = {{block_type::regular, moment(start), moment(end), rational(10)}};
    return session;
}

}  // namespace

TEST_CASE("modules/managed/control_error: capabilities are judged ten minutes after plug-in")
{
    const auto bare = seen({{"kwh", "0"}});
    CHECK(error_of(begun(), bare, "10:00").empty());
    CHECK(error_of(begun(), bare, "10:09:59").empty());
    CHECK(error_of(begun(), bare, "10:10") == "MISSING_CAPABILITIES STATE_OF_CHARGE METER_VALUES");
}

TEST_CASE(
    "modules/managed/control_error: exactly what is missing is named, and is no more once it comes")
{
    const auto no_level = seen({{"kwh", "0"}, {"meter_value", registers({{"10:00", "0"}})}});
    CHECK(error_of(begun(), no_level, "10:30") == "MISSING_CAPABILITIES STATE_OF_CHARGE");
    const auto no_meter = seen({{"kwh", "0"}, {"soc_start", "30"}});
    CHECK(error_of(begun(), no_meter, "10:30") == "MISSING_CAPABILITIES METER_VALUES");
    const auto periods = seen({{"kwh", "0"},
                               {"soc_start", "30"},
                               {"charging_periods", '[' + test::period("10:00", "0") + ']'}});
    CHECK(error_of(begun(), periods, "10:30").empty());
    CHECK(error_of(begun(), idle(), "10:30").empty());

    auto session = begun();
    session.preferences_unsupported = true;
    CHECK(error_of(session, idle(), "10:30") ==
          "MISSING_CAPABILITIES CHARGING_PREFERENCES_CAPABLE");
    CHECK(error_of(session, seen({{"kwh", "0"}}), "10:30") ==
          "MISSING_CAPABILITIES STATE_OF_CHARGE METER_VALUES CHARGING_PREFERENCES_CAPABLE");
    session.preferences_unsupported = false;
    CHECK(error_of(session, idle(), "10:30").empty());
}

TEST_CASE(
    "modules/managed/control_error: a planned block of ten minutes in which nothing has flowed")
{
    const auto session = planned_from("10:30", "11:30");
    CHECK(error_of(session, idle(), "10:39:59").empty());
    CHECK(error_of(session, idle(), "10:40") == "START_FAIL");
    CHECK(error_of(session, idle(), "12:00") == "START_FAIL");
}

TEST_CASE("modules/managed/control_error: START_FAIL is over once energy flows")
{
    const auto session = planned_from("10:30", "11:30");
    const auto before = metered({{"10:00", "0"}, {"10:20", "1"}, {"10:30", "1"}}, "1");
    CHECK(error_of(session, before, "10:45") == "START_FAIL");
    const auto flowing = metered({{"10:00", "0"}, {"10:41", "0"}, {"10:45", "0.5"}}, "0.5");
    CHECK(error_of(session, flowing, "10:45").empty());
}

TEST_CASE("modules/managed/control_error: START_FAIL is over once there is nothing left to charge")
{
    const auto session = planned_from("10:30", "11:30");
    const auto full =
        seen({{"kwh", "0"}, {"soc_start", "60"}, {"meter_value", registers({{"10:00", "0"}})}});
    CHECK(error_of(session, full, "10:45").empty());
}

TEST_CASE("modules/managed/control_error: a block that was cut into quarter-hours is one block")
{
    auto session = begun();
    session.planned = {{block_type::regular, moment("10:30"), moment("10:35"), rational(1)},
                       {block_type::regular, moment("10:35"), moment("11:30"), rational(9)}};
    CHECK(error_of(session, idle(), "10:39:59").empty());
    CHECK(error_of(session, idle(), "10:40") == "START_FAIL");
}

TEST_CASE("modules/managed/control_error: ten minutes of energy outside every planned block")
{
    const auto session = planned_from("10:00", "10:30");
    const auto short_of = metered({{"10:00", "0"}, {"10:39:59", "6"}}, "6");
    CHECK(error_of(session, short_of, "10:39:59").empty());
    const auto too_long = metered({{"10:00", "0"}, {"10:40", "6"}}, "6");
    CHECK(error_of(session, too_long, "10:40") == "STOP_FAIL");
    CHECK(error_of(planned_idle(), metered({{"10:00", "0"}, {"10:10", "1"}}, "1"), "10:10") ==
          "STOP_FAIL");
}

TEST_CASE("modules/managed/control_error: energy from before the first plan is against none")
{
    const auto flowing = metered({{"10:00", "0"}, {"10:40", "6"}}, "6");
    CHECK(error_of(begun(), flowing, "10:40").empty());
    auto session = planned_idle();
    session.planned_since = moment("10:30:01");
    CHECK(error_of(session, flowing, "10:40").empty());
    session.planned_since = moment("10:30");
    CHECK(error_of(session, flowing, "10:40") == "STOP_FAIL");
    session.planned_since = moment("10:50");
    CHECK(error_of(session, flowing, "10:50").empty());
}

TEST_CASE("modules/managed/control_error: STOP_FAIL is over once energy stops, or is planned")
{
    const auto stopped = metered({{"10:00", "0"}, {"10:40", "6"}, {"10:45", "6"}}, "6");
    CHECK(error_of(planned_from("10:00", "10:30"), stopped, "10:45").empty());

    auto session = planned_from("10:00", "10:10");
    const auto flowing = metered({{"10:00", "0"}, {"10:25", "4"}}, "4");
    CHECK(error_of(session, flowing, "10:25") == "STOP_FAIL");
    session.planned.push_back({block_type::regular, moment("10:20"), moment("11:00"), rational(6)});
    CHECK(error_of(session, flowing, "10:25").empty());
}

TEST_CASE(
    "modules/managed/control_error: energy that no report has placed neither starts nor goes on")
{
    // The register begins after plug-in: 0.2 of the 1.2 kWh are taken to follow its last reading.
    const auto late_register =
        metered({{"10:15", "100"}, {"10:30", "101"}, {"10:45", "101"}}, "1.2");
    CHECK(error_of(planned_idle(), late_register, "10:56").empty());
    CHECK(error_of(planned_from("11:00", "11:30"), late_register, "11:10") == "START_FAIL");
}

TEST_CASE("modules/managed/control_error: of several the gravest is told")
{
    auto session = planned_from("10:30", "11:30");
    session.preferences_unsupported = true;
    CHECK(error_of(session, idle(), "10:45") ==
          "MISSING_CAPABILITIES CHARGING_PREFERENCES_CAPABLE");
    session.preferences_unsupported = false;
    CHECK(error_of(session, idle(), "10:45") == "START_FAIL");

    // Energy flowed without a plan until 10:30, and none since, though it should.
    session = planned_from("10:30", "11:30");
    const auto wrong_way = metered({{"10:00", "0"}, {"10:30", "2"}}, "2");
    CHECK(error_of(session, wrong_way, "10:30") == "STOP_FAIL");
    const auto since = metered({{"10:00", "0"}, {"10:30", "2"}, {"10:40", "2"}}, "2");
    CHECK(error_of(session, since, "10:40") == "START_FAIL");
}

TEST_CASE("modules/managed/control_error: nothing is wrong with a session that is over")
{
    auto session = planned_from("10:30", "11:30");
    session.preferences_unsupported = true;
    const auto over = seen({{"status", R"("COMPLETED")"}, {"kwh", "0"}});
    CHECK(error_of(session, over, "12:00").empty());
}

}  // namespace control_error_test
