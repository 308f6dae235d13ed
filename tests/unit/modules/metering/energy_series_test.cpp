#include "modules/metering/energy_series.hpp"

#include "modules/sessions/charging_periods.hpp"
#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace energy_series_test {

using namespace ocpi;
using namespace ocpi::sessions;
using metering::energy_series;
using test::list_of;
using test::member;
using test::period;
using test::registers;
using test::session_text;

namespace {

date_time at(const std::string& time_of_day)
{
    return parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value;
}

std::string time_of(date_time instant)
{
    return to_string(instant).substr(11, 5);
}

/// The session of session_text(), so from 10:00 on and updated at 10:30, seen at 11:00.
energy_series series(std::initializer_list<member> changes, const std::string& now = "11:00")
{
    return energy_series(parse_stored(*json::parse(session_text(changes))), at(now));
}

/// The energy of each of the quarter-hours from 10:00 to 11:00.
std::string quarters(const energy_series& energy)
{
    std::string text;
    const std::vector<std::string> times{"10:00", "10:15", "10:30", "10:45", "11:00"};
    for (std::size_t i = 1; i < times.size(); ++i) {
        if (i > 1) text += ' ';
        text += to_text(energy.delivered(at(times[i - 1]), at(times[i])));
    }
    return text;
}

std::string flows(const energy_series& energy)
{
    std::string text;
    for (const auto& one : energy.flows()) {
        if (!text.empty()) text += ' ';
        text += time_of(one.start) + '-' + time_of(one.end);
    }
    return text;
}

member completed()
{
    return {"status", R"("COMPLETED")"};
}

}  // namespace

TEST_CASE("modules/metering/energy_series: between readings of the meter energy flows evenly")
{
    const auto energy = series(
        {{"kwh", "9"},
         {"meter_value",
          registers({{"10:00", "100"}, {"10:15", "103"}, {"10:45", "103"}, {"11:00", "109"}})}});
    CHECK(quarters(energy) == "3 0 0 6");
    CHECK(flows(energy) == "10:00-10:15 10:45-11:00");
    CHECK(time_of(energy.known_until()) == "11:00");
    CHECK(to_text(energy.total()) == "9");
    CHECK(energy.delivered_at(at("10:05")) == 1);
    CHECK(energy.delivered_at(at("10:52")) == rational(29, 5));
    CHECK(energy.notes().empty());
}

TEST_CASE("modules/metering/energy_series: charging periods spread their energy until the next")
{
    const auto periods = list_of(
        {period("10:00", "2"), period("10:15", "0"), period("10:30", "3.00", "ENERGY_IMPORT")});
    const auto live = series({{"kwh", "5"}, {"charging_periods", periods}}, "11:00");
    // The last one was reported up to last_updated, which is no later than it began.
    CHECK(quarters(live) == "2 0 1.5 1.5");
    CHECK(time_of(live.known_until()) == "10:30");
    const auto later =
        series({{"kwh", "5"}, {"charging_periods", periods}, {"last_updated", test::at("10:45")}});
    CHECK(quarters(later) == "2 0 3 0");
    CHECK(flows(later) == "10:00-10:15 10:30-10:45");
    CHECK(time_of(later.known_until()) == "10:45");
    const auto over = series({{"kwh", "5"},
                              {"charging_periods", periods},
                              completed(),
                              {"end_date_time", test::at("11:00")}});
    CHECK(quarters(over) == "2 0 1.5 1.5");
    CHECK(over.notes().empty());
}

TEST_CASE("modules/metering/energy_series: kwh alone is spread until the last update or the end")
{
    CHECK(quarters(series({{"kwh", "5"}})) == "2.5 2.5 0 0");
    const auto over =
        series({{"kwh", "5"}, completed(), {"end_date_time", test::at("11:00")}}, "18:00");
    CHECK(quarters(over) == "1.25 1.25 1.25 1.25");
    CHECK(time_of(over.until()) == "11:00");
}

TEST_CASE("modules/metering/energy_series: the best source is used")
{
    const auto meter = registers({{"10:00", "0"}, {"10:15", "0"}, {"10:30", "4"}});
    const auto periods = list_of({period("10:00", "4")});
    CHECK(quarters(series({{"kwh", "4"}, {"meter_value", meter}, {"charging_periods", periods}})) ==
          "0 4 0 0");
    CHECK(quarters(series({{"kwh", "4"}, {"charging_periods", periods}})) == "2 2 0 0");
    // What is malformed is not sent; and one reading tells nothing of energy.
    CHECK(quarters(series({{"kwh", "4"}, {"meter_value", "{}"}, {"charging_periods", periods}})) ==
          "2 2 0 0");
    CHECK(quarters(series({{"kwh", "4"},
                           {"meter_value", registers({{"10:00", "0"}})},
                           {"charging_periods", periods}})) == "2 2 0 0");
    CHECK(quarters(series(
              {{"kwh", "4"}, {"charging_periods", list_of({period("10:00", "1", "TIME")})}})) ==
          "2 2 0 0");
}

TEST_CASE("modules/metering/energy_series: periods that add up to 1000 times kwh name Wh")
{
    const auto watt_hours = list_of({period("10:00", "3000"), period("10:15", "1010")});
    const auto energy = series({{"kwh", "4"}, {"charging_periods", watt_hours}});
    CHECK(energy.notes().size() == 2);
    CHECK(energy.delivered(at("10:00"), at("11:00")) == energy.total());
    const auto exact = list_of({period("10:00", "3000"), period("10:15", "1000")});
    const auto even = series({{"kwh", "4"}, {"charging_periods", exact}});
    CHECK(quarters(even) == "3 1 0 0");
    CHECK(even.notes().size() == 1);
}

TEST_CASE("modules/metering/energy_series: what kwh has beyond the reports follows them evenly")
{
    const auto meter = registers({{"10:00", "0"}, {"10:15", "1"}, {"10:30", "4"}});
    const auto energy = series({{"kwh", "6"}, {"meter_value", meter}});
    CHECK(quarters(energy) == "1 3 1 1");
    CHECK(flows(energy) == "10:00-11:00");
    CHECK(time_of(energy.known_until()) == "10:30");
    CHECK(energy.notes().empty());
}

TEST_CASE("modules/metering/energy_series: an excess of the reports is scaled down")
{
    const auto meter = registers({{"10:00", "0"}, {"10:15", "2"}, {"10:30", "8"}});
    const auto energy = series({{"kwh", "4"}, {"meter_value", meter}});
    CHECK(quarters(energy) == "1 3 0 0");
    CHECK(energy.notes().size() == 1);
    CHECK(flows(energy) == "10:00-10:30");
}

TEST_CASE("modules/metering/energy_series: with no time left all is scaled up")
{
    const auto meter = registers({{"10:00", "0"}, {"10:30", "1"}, {"11:00", "4"}});
    CHECK(quarters(series({{"kwh", "8"}, {"meter_value", meter}})) == "1 1 3 3");
    const auto still = registers({{"10:00", "7"}, {"11:00", "7"}});
    const auto energy = series({{"kwh", "8"}, {"meter_value", still}});
    CHECK(quarters(energy) == "2 2 2 2");
    CHECK(energy.notes().size() == 1);
}

TEST_CASE("modules/metering/energy_series: a register that ends at kwh counts from plug-in")
{
    const auto meter = registers({{"10:15", "3"}, {"10:30", "6"}});
    CHECK(quarters(series({{"kwh", "6"}, {"meter_value", meter}})) == "3 3 0 0");
    CHECK(quarters(series({{"kwh", "7"}, {"meter_value", meter}})) == "0 3 2 2");
    CHECK(quarters(series({{"kwh", "6"}, {"meter_value", registers({{"10:15", "6"}})}})) ==
          "6 0 0 0");
}

TEST_CASE("modules/metering/energy_series: points outside the session count at its bounds")
{
    const auto meter = registers(
        {{"09:00", "10"}, {"09:45", "12"}, {"10:30", "14"}, {"10:45", "14"}, {"11:30", "15"}});
    const auto energy = series({{"kwh", "5"}, {"meter_value", meter}});
    CHECK(quarters(energy) == "2 2 0 1");
    CHECK(energy.notes().size() == 1);
    CHECK(time_of(energy.known_until()) == "11:00");
    const auto before = registers({{"09:00", "10"}, {"09:45", "12"}});
    CHECK(quarters(series({{"kwh", "2"}, {"meter_value", before}})) == "0.5 0.5 0.5 0.5");
}

TEST_CASE("modules/metering/energy_series: a meter that steps back delivers nothing negative")
{
    const auto dip = registers({{"10:00", "0"}, {"10:15", "4"}, {"10:30", "1"}, {"10:45", "6"}});
    const auto dipped = series({{"kwh", "6"}, {"meter_value", dip}});
    CHECK(quarters(dipped) == "4 0 2 0");
    CHECK(dipped.notes().size() == 1);
    const auto anew = series({{"kwh", "9"}, {"meter_value", dip}});
    CHECK(quarters(anew) == "4 0 5 0");
    CHECK(anew.notes().size() == 1);
}

TEST_CASE("modules/metering/energy_series: of several readings of one instant the highest counts")
{
    const auto twice =
        registers({{"10:00", "0"}, {"10:15", "1"}, {"10:15", "3"}, {"10:15", "2"}, {"10:30", "5"}});
    const auto energy = series({{"kwh", "5"}, {"meter_value", twice}});
    CHECK(quarters(energy) == "3 2 0 0");
    const auto repeated = registers({{"10:00", "0"}, {"10:15", "1"}, {"10:15", "1"}});
    CHECK(series({{"kwh", "1"}, {"meter_value", repeated}}).notes().empty());
}

TEST_CASE("modules/metering/energy_series: periods that start together or are negative are mended")
{
    const auto odd = list_of(
        {period("10:15", "2"), period("10:00", "1"), period("10:15", "1"), period("10:30", "-5")});
    const auto energy = series({{"kwh", "4"}, {"charging_periods", odd}}, "11:00");
    CHECK(quarters(energy) == "1 3 0 0");
    CHECK(energy.notes().size() == 2);
}

TEST_CASE("modules/metering/energy_series: a period that was sent again counts as it was sent last")
{
    const auto growing = list_of(
        {period("10:00", "1"), period("10:00", "1.5"), period("10:00", "2"), period("10:15", "1")});
    const auto energy = series({{"kwh", "3"}, {"charging_periods", growing}}, "11:00");
    CHECK(quarters(energy) == "2 1 0 0");
    REQUIRE(energy.notes().size() == 1);
    CHECK(energy.notes()[0] == replaced_periods_note);
    // In Wh they are told by what counts.
    const auto watt_hours = list_of({period("10:00", "1000"), period("10:00", "2000")});
    CHECK(quarters(series({{"kwh", "2"}, {"charging_periods", watt_hours}})) == "1 1 0 0");
}

TEST_CASE("modules/metering/energy_series: kwh decides, whatever it is")
{
    const auto meter = registers({{"10:00", "0"}, {"10:30", "4"}});
    const auto negative = series({{"kwh", "-1"}, {"meter_value", meter}});
    CHECK(quarters(negative) == "0 0 0 0");
    CHECK(flows(negative).empty());
    CHECK(negative.notes().size() == 2);
    const auto unknown = series({{"kwh", "1e999999"}, {"meter_value", meter}});
    CHECK(quarters(unknown) == "2 2 0 0");
    CHECK(to_text(unknown.total()) == "4");
    CHECK(quarters(series({{"kwh", "1e999999"}})) == "0 0 0 0");
}

TEST_CASE("modules/metering/energy_series: a session without any time has all at one instant")
{
    for (const char* end : {"10:00", "09:00"}) {
        const auto energy =
            series({{"kwh", "5"}, completed(), {"end_date_time", test::at(end)}}, "12:00");
        CHECK(time_of(energy.until()) == "10:00");
        CHECK(to_text(energy.delivered(energy.start(), energy.until())) == "5");
        CHECK(flows(energy) == "10:00-10:00");
        CHECK(energy.first_delivered(3) == at("10:00"));
    }
    CHECK(to_text(series({{"kwh", "5"}}, "09:00").delivered(at("09:00"), at("10:00"))) == "5");
}

TEST_CASE("modules/metering/energy_series: a session that is over ends when it ended")
{
    const auto ending =
        list_of({test::kwh_register("10:00", "0"),
                 test::sampled("10:50", R"("value":"5000","context":"Transaction.End")")});
    CHECK(time_of(series({completed(), {"meter_value", ending}}, "18:00").until()) == "10:50");
    CHECK(
        time_of(series({completed(), {"meter_value", ending}, {"end_date_time", test::at("11:00")}},
                       "18:00")
                    .until()) == "11:00");
    CHECK(time_of(series({{"end_date_time", test::at("11:00")}}, "18:00").until()) == "18:00");
    CHECK(time_of(series({completed()}, "18:00").until()) == "18:00");
}

TEST_CASE("modules/metering/energy_series: parts add up to the last digit")
{
    const auto energy = series({{"kwh", "1.00000000000001"}}, "10:30");
    CHECK(to_text(energy.delivered(at("10:00"), at("10:10"))) == "0.33333333333334");
    decimal sum;
    for (int minute = 0; minute < 30; ++minute) {
        const auto from = date_time(at("10:00").instant() + std::chrono::minutes(minute));
        sum = sum + energy.delivered(from, date_time(from.instant() + std::chrono::minutes(1)));
    }
    CHECK(sum == energy.total());
    CHECK(to_text(energy.delivered(at("09:00"), at("12:00"))) == "1.00000000000001");
    CHECK(energy.delivered(at("10:20"), at("10:10")).is_zero());
}

TEST_CASE("modules/metering/energy_series: when an amount was delivered is found")
{
    const auto meter = registers({{"10:00", "0"}, {"10:15", "3"}, {"10:45", "3"}, {"11:00", "9"}});
    const auto energy = series({{"kwh", "9"}, {"meter_value", meter}});
    CHECK(energy.first_delivered(0) == at("10:00"));
    CHECK(energy.first_delivered(1) == at("10:05"));
    CHECK(energy.first_delivered(3) == at("10:15"));
    CHECK(energy.first_delivered(5) == at("10:50"));
    CHECK(energy.first_delivered(9) == at("11:00"));
    CHECK_FALSE(energy.first_delivered(rational(91, 10)));
    CHECK(to_string(*energy.first_delivered(rational(1, 7))) == "2024-01-01T10:00:42.858Z");
}

}  // namespace energy_series_test
