#include "modules/sessions/meter_series.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace meter_series_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

date_time at(const std::string& time_of_day)
{
    return parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value;
}

meter_sample sample(const std::string& time_of_day, const std::string& value,
                    const std::string& phase = "", const std::string& location = "Outlet")
{
    meter_sample made;
    made.at = at(time_of_day);
    made.value = *decimal::parse(value);
    made.phase = parse_measured_phase(phase);
    made.location = location_rank(location);
    return made;
}

/// `10:15=3.5 10:30=7`
std::string show(const std::vector<meter_reading>& readings)
{
    std::string text;
    for (const auto& one : readings) {
        if (!text.empty()) text += ' ';
        text += to_string(one.at).substr(11, 5) + '=' + to_text(one.value);
    }
    return text;
}

std::string powers(std::vector<meter_sample> samples)
{
    return show(power_series(std::move(samples)));
}

struct registers {
    std::vector<std::string> notes;
    std::string shown;

    explicit registers(std::vector<meter_sample> samples)
        : shown(show(register_series(std::move(samples), notes)))
    {
    }
};

}  // namespace

TEST_CASE("modules/sessions/meter_series: power is chosen at each instant by itself")
{
    CHECK(powers({sample("10:00", "0"), sample("10:01", "0"), sample("10:30", "3.6", "L1"),
                  sample("10:30", "3.6", "L2"), sample("10:30", "3.6", "L3")}) ==
          "10:00=0 10:01=0 10:30=10.8");
    CHECK(powers({sample("10:00", "0", "L1"), sample("10:00", "0", "L2"), sample("10:30", "7")}) ==
          "10:00=0 10:30=7");
    CHECK(powers({sample("10:00", "0"), sample("10:50", "7.3", "", "Inlet")}) ==
          "10:00=0 10:50=7.3");
}

TEST_CASE("modules/sessions/meter_series: the power of a phase that is not sampled is none")
{
    CHECK(powers({sample("10:00", "3", "L1"), sample("10:00", "3", "L2"),
                  sample("10:30", "2", "L1")}) == "10:00=6 10:30=2");
}

TEST_CASE(
    "modules/sessions/meter_series: an overall value goes before any phases, and places by their "
    "rank")
{
    CHECK(powers({sample("10:00", "3.6", "L1"), sample("10:00", "11"),
                  sample("10:00", "3.7", "L1-N")}) == "10:00=11");
    CHECK(powers({sample("10:00", "12", "", "Body"), sample("10:00", "11", "", "Inlet"),
                  sample("10:00", "10", "", "EV"), sample("10:00", "9", "", "Roof")}) ==
          "10:00=10");
    CHECK(powers({sample("10:00", "10", "", "EV"), sample("10:00", "9", "", "Cable")}) ==
          "10:00=9");
    CHECK(powers({sample("10:00", "4", "L1"), sample("10:00", "9", "", "Inlet")}) == "10:00=9");
    CHECK(powers({sample("10:00", "4", "L1", "Inlet"), sample("10:00", "3", "L1"),
                  sample("10:00", "4", "L2", "Inlet")}) == "10:00=3");
}

TEST_CASE(
    "modules/sessions/meter_series: a phase has one value, and those between phases are others")
{
    CHECK(powers({sample("10:00", "3", "L1"), sample("10:00", "4", "L1-N")}) == "10:00=4");
    CHECK(powers({sample("10:00", "3", "L1"), sample("10:00", "3", "L2"),
                  sample("10:00", "5", "L1-L2"), sample("10:00", "0.1", "N")}) == "10:00=6");
    CHECK(powers({sample("10:00", "5", "L1-L2"), sample("10:00", "6", "L2-L3"),
                  sample("10:00", "7", "L3-L1"), sample("10:00", "0.1", "N")}) == "10:00=18");
}

TEST_CASE(
    "modules/sessions/meter_series: out of order samples are put in order, of equals the last "
    "counts")
{
    CHECK(powers({sample("10:30", "5"), sample("10:00", "3"), sample("10:30", "6")}) ==
          "10:00=3 10:30=6");
}

TEST_CASE(
    "modules/sessions/meter_series: a register of phases does not fall where a phase is missing")
{
    const registers read({sample("10:00", "10", "L1"), sample("10:00", "20", "L2"),
                          sample("10:00", "30", "L3"), sample("10:15", "11", "L1"),
                          sample("10:15", "32", "L3"), sample("10:30", "12", "L1"),
                          sample("10:30", "22", "L2"), sample("10:30", "33", "L3")});
    CHECK(read.shown == "10:00=60 10:15=63 10:30=67");
    CHECK(read.notes.empty());
}

TEST_CASE("modules/sessions/meter_series: a phase counts before its first sample as it will be")
{
    CHECK(registers({sample("10:00", "10", "L1"), sample("10:15", "11", "L1"),
                     sample("10:15", "20", "L2"), sample("10:30", "21", "L2")})
              .shown == "10:00=30 10:15=31 10:30=32");
}

TEST_CASE("modules/sessions/meter_series: of several readings of one instant the highest counts")
{
    const registers read({sample("10:00", "1"), sample("10:00", "2"), sample("10:00", "1.5")});
    CHECK(read.shown == "10:00=2");
    CHECK(read.notes.size() == 1);
    CHECK(registers({sample("10:00", "2"), sample("10:00", "2.0")}).notes.empty());
}

TEST_CASE(
    "modules/sessions/meter_series: the register of another place counts on from a common instant")
{
    const registers read({sample("10:00", "100"), sample("10:00", "7000", "", "Inlet"),
                          sample("10:15", "7001", "", "Inlet"), sample("10:30", "102"),
                          sample("10:30", "7002.5", "", "Inlet"),
                          sample("10:45", "7003", "", "Inlet")});
    CHECK(read.shown == "10:00=100 10:15=101 10:30=102 10:45=102.5");
    CHECK(read.notes.empty());
}

TEST_CASE("modules/sessions/meter_series: a better place that is read later counts on as well")
{
    CHECK(registers({sample("10:00", "7000", "", "Inlet"), sample("10:15", "7001", "", "Inlet"),
                     sample("10:15", "100"), sample("10:30", "102")})
              .shown == "10:00=7000 10:15=7001 10:30=7003");
}

TEST_CASE(
    "modules/sessions/meter_series: without a common instant a plausible register is the same one")
{
    const registers read(
        {sample("10:00", "0"), sample("10:01", "0"), sample("10:50", "7.3", "", "Inlet")});
    CHECK(read.shown == "10:00=0 10:01=0 10:50=7.3");
    CHECK(read.notes.empty());
}

TEST_CASE(
    "modules/sessions/meter_series: without a common instant another register begins where it "
    "stands")
{
    const registers higher({sample("10:00", "0"), sample("10:15", "1"),
                            sample("10:30", "48000", "", "Inlet"),
                            sample("10:45", "48001", "", "Inlet"), sample("11:00", "3")});
    CHECK(higher.shown == "10:00=0 10:15=1 10:30=1 10:45=2 11:00=3");
    CHECK(higher.notes.size() == 1);
    const registers lower({sample("10:00", "500"), sample("10:15", "501"),
                           sample("10:30", "20", "L1"), sample("10:45", "21", "L1")});
    CHECK(lower.shown == "10:00=500 10:15=501 10:30=501 10:45=502");
}

TEST_CASE(
    "modules/sessions/meter_series: many samples of one instant take no longer than as many of "
    "others")
{
    std::vector<meter_sample> samples;
    for (int i = 0; i < 50'000; ++i) samples.push_back(sample("10:00", "5", "L1"));
    samples.push_back(sample("10:00", "6", "L2"));
    CHECK(powers(samples) == "10:00=11");
    CHECK(registers(samples).shown == "10:00=11");
}

}  // namespace meter_series_test
