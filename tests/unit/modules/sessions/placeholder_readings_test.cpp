#include "modules/sessions/placeholder_readings.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace placeholder_readings_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

date_time at(const std::string& time_of_day)
{
    return parse_date_time("2024-01-01T" + time_of_day + "Z")->value;
}

struct sifted {
    std::string kept;
    std::vector<std::string> notes;
};

/// What is left of registers of these times (without seconds) and values.
sifted sift(const std::vector<std::pair<std::string, std::string>>& times_and_kwh,
            const std::string& max_kw = "1000")
{
    std::vector<meter_reading> registers;
    for (const auto& [time, kwh] : times_and_kwh) {
        registers.push_back(meter_reading{at(time + ":00"), *decimal::parse(kwh)});
    }
    sifted done;
    drop_placeholders(registers, *decimal::parse(max_kw), done.notes);
    for (const auto& one : registers) {
        if (!done.kept.empty()) done.kept += ' ';
        done.kept += to_text(one.value);
    }
    return done;
}

}  // namespace

TEST_CASE("modules/sessions/placeholder_readings: what a charge point can do is left alone")
{
    const auto done = sift({{"10:00", "48211"}, {"10:15", "48311"}, {"10:30", "48311"}});
    CHECK(done.kept == "48211 48311 48311");
    CHECK(done.notes.empty());
    CHECK(sift({}).kept.empty());
    CHECK(sift({{"10:00", "5"}, {"10:15", "2"}, {"10:30", "3"}}).kept == "5 2 3");
}

TEST_CASE(
    "modules/sessions/placeholder_readings: readings before a step that nobody can make are left "
    "out")
{
    const auto one = sift({{"10:00", "0"}, {"10:15", "48211"}, {"10:30", "48212.5"}});
    CHECK(one.kept == "48211 48212.5");
    CHECK(one.notes ==
          std::vector<std::string>{"meter_value: left out 1 register reading as a placeholder: the "
                                   "meter steps by more than 1000 kW would"});
    const auto more =
        sift({{"10:00", "0"}, {"10:05", "0"}, {"10:15", "48211"}, {"10:30", "48212.5"}});
    CHECK(more.kept == "48211 48212.5");
    CHECK(more.notes.size() == 1);
    CHECK(sift({{"10:00", "0"}, {"10:15", "48211"}}).kept == "48211");
}

TEST_CASE("modules/sessions/placeholder_readings: a placeholder may stand between readings")
{
    CHECK(sift({{"10:00", "48211"}, {"10:15", "0"}, {"10:30", "48212"}}).kept == "48211 48212");
}

TEST_CASE("modules/sessions/placeholder_readings: a single reading far beyond is left out itself")
{
    CHECK(sift({{"10:00", "1"}, {"10:15", "48211"}, {"10:30", "2"}, {"10:45", "3"}}).kept ==
          "1 2 3");
}

TEST_CASE(
    "modules/sessions/placeholder_readings: the EVSE's maximum is the measure where it is known")
{
    const std::vector<std::pair<std::string, std::string>> steps{
        {"10:00", "10"}, {"10:30", "30"}, {"11:00", "35"}};
    CHECK(sift(steps, "40").kept == "10 30 35");
    CHECK(sift(steps, "22").kept == "30 35");
}

TEST_CASE("modules/sessions/placeholder_readings: a second is granted to the clocks, and no more")
{
    const auto is_beyond_after = [](const std::string& end, const std::string& kwh) {
        return is_beyond(*decimal::parse("36"), meter_reading{at("10:00:00"), decimal()},
                         meter_reading{at(end), *decimal::parse(kwh)});
    };
    CHECK_FALSE(is_beyond_after("10:00:01", "0.02"));
    CHECK(is_beyond_after("10:00:01", "0.020000000000000000000001"));
    CHECK_FALSE(is_beyond_after("11:00:00", "36.01"));
    CHECK(is_beyond_after("11:00:00", "36.0100000000000000000001"));
    CHECK_FALSE(is_beyond_after("11:00:00", "-1e150"));
    CHECK(is_beyond_after("11:00:00", "1e150"));
}

}  // namespace placeholder_readings_test
