#include "modules/metering/state_of_charge.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace state_of_charge_test {

using namespace ocpi;
using namespace ocpi::sessions;
using metering::energy_series;
using metering::state_of_charge;
using test::list_of;
using test::member;
using test::session_text;

namespace {

date_time at(const std::string& time_of_day)
{
    return parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value;
}

std::string show(const std::optional<rational>& level)
{
    return level ? to_text(to_decimal(*level)) : "unknown";
}

std::string show(const std::optional<date_time>& instant)
{
    return instant ? to_string(*instant).substr(11, 5) : "never";
}

/// The session of session_text(), seen at 11:00, with a battery of 50 kWh, or of none known.
struct session_snapshot {
    session_data seen;
    energy_series energy;
    state_of_charge level;

    explicit session_snapshot(std::initializer_list<member> changes, const char* capacity = "50")
        : seen(parse_stored(*json::parse(session_text(changes)))),
          energy(seen, at("11:00")),
          level(seen, energy, capacity == nullptr ? std::nullopt : decimal::parse(capacity))
    {
    }
};

std::string soc(const std::string& time, const std::string& percent)
{
    return test::sampled(time, R"("measurand":"SoC","value":")" + percent + '"');
}

/// 10 kWh from 10:00 to 10:30.
const member ten_kwh{"kwh", "10"};

}  // namespace

TEST_CASE("modules/metering/state_of_charge: nothing is known where nothing was reported")
{
    const session_snapshot one({ten_kwh});
    CHECK(show(one.level.first()) == "unknown");
    CHECK(show(one.level.last()) == "unknown");
    CHECK(show(one.level.level_at(at("10:30"))) == "unknown");
    CHECK(show(one.level.first_reached(1, at("10:00"))) == "never");
}

TEST_CASE("modules/metering/state_of_charge: the energy since the last report adds to it")
{
    const session_snapshot one({ten_kwh, {"soc_start", "35"}});
    CHECK(show(one.level.first()) == "35");
    CHECK(show(one.level.level_at(at("10:15"))) == "45");
    CHECK(show(one.level.last()) == "55");
    CHECK(show(one.level.level_at(at("09:59"))) == "unknown");
    CHECK(show(session_snapshot({{"kwh", "0"}, {"soc_start", "35"}}).level.last()) == "35");
    CHECK(show(session_snapshot({ten_kwh, {"soc_start", "95"}}).level.last()) == "100");
}

TEST_CASE("modules/metering/state_of_charge: without a capacity only reports count")
{
    const session_snapshot one({ten_kwh, {"soc_start", "30"}, {"soc_end", "62"}}, nullptr);
    CHECK(show(one.level.first()) == "30");
    CHECK(show(one.level.level_at(at("10:59"))) == "30");
    CHECK(show(one.level.last()) == "62");
    CHECK(show(one.level.first_reached(40, at("10:00"))) == "11:00");
}

TEST_CASE("modules/metering/state_of_charge: samples and periods are reports")
{
    const session_snapshot one(
        {ten_kwh,
         {"charging_periods", list_of({test::period("10:00", "30", "STATE_OF_CHARGE"),
                                       test::period("10:30", "48", "STATE_OF_CHARGE")})},
         {"meter_value", list_of({soc("10:15", "41"), soc("10:30", "52")})}});
    CHECK(show(one.level.first()) == "30");
    CHECK(show(one.level.level_at(at("10:06"))) == "34");
    CHECK(show(one.level.level_at(at("10:15"))) == "41");
    CHECK(show(one.level.level_at(at("10:30"))) == "52");
    CHECK(show(one.level.last()) == "52");
}

TEST_CASE("modules/metering/state_of_charge: reports outside the session count at its bounds")
{
    const session_snapshot one(
        {ten_kwh,
         {"meter_value", list_of({soc("09:00", "20"), soc("09:30", "21"), soc("12:00", "44")})}});
    CHECK(show(one.level.first()) == "21");
    CHECK(show(one.level.last()) == "44");
}

TEST_CASE("modules/metering/state_of_charge: what is no percentage is ignored, with a note")
{
    const session_snapshot one(
        {ten_kwh,
         {"soc_start", "-1"},
         {"soc_end", "100.5"},
         {"meter_value", list_of({soc("10:15", "255"), soc("10:20", "100")})}});
    CHECK(show(one.level.first()) == "100");
    CHECK(one.level.notes().size() == 1);
    CHECK(session_snapshot({{"soc_start", "0"}}).level.notes().empty());
}

TEST_CASE("modules/metering/state_of_charge: when a level was reached first is found")
{
    const session_snapshot one({ten_kwh, {"soc_start", "35"}});
    CHECK(show(one.level.first_reached(30, at("10:00"))) == "10:00");
    CHECK(show(one.level.first_reached(30, at("10:07"))) == "10:07");
    CHECK(show(one.level.first_reached(45, at("10:00"))) == "10:15");
    CHECK(show(one.level.first_reached(45, at("09:00"))) == "10:15");
    CHECK(show(one.level.first_reached(45, at("10:20"))) == "10:20");
    CHECK(show(one.level.first_reached(55, at("10:00"))) == "10:30");
    CHECK(show(one.level.first_reached(56, at("10:00"))) == "never");
    CHECK(show(one.level.first_reached(45, at("12:00"))) == "never");
}

TEST_CASE("modules/metering/state_of_charge: a later report corrects what the energy made of it")
{
    const session_snapshot one(
        {ten_kwh,
         {"soc_start", "35"},
         {"meter_value", list_of({soc("10:15", "40"), soc("10:45", "60")})}});
    CHECK(show(one.level.level_at(at("10:20"))) == "43.333333333333");
    CHECK(show(one.level.first_reached(44, at("10:00"))) == "10:13");
    CHECK(show(one.level.first_reached(44, at("10:15"))) == "10:21");
    CHECK(show(one.level.first_reached(55, at("10:00"))) == "10:45");
}

}  // namespace state_of_charge_test
