#include "modules/pricing/period_reading.hpp"

#include "cost_fixture.hpp"

namespace period_reading_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::note_list;
using pricing::read_period;

namespace {

pricing::period_reading read(const std::vector<dimension_text>& volumes)
{
    note_list notes;
    pricing::period_reading reading;
    read_period(period(monday(10), volumes), notes, reading);
    return reading;
}

std::vector<std::string> notes_of(const std::vector<dimension_text>& volumes)
{
    note_list notes;
    pricing::period_reading reading;
    read_period(period(monday(10), volumes), notes, reading);
    return notes.take();
}

}  // namespace

TEST_CASE(
    "modules/pricing/period_reading: volumes of one type add up, of loads the last one counts")
{
    const auto reading = read({{"ENERGY", "1.5"},
                               {"ENERGY", "0.5"},
                               {"TIME", "0.25"},
                               {"MAX_POWER", "7"},
                               {"MAX_POWER", "11"},
                               {"CURRENT", "16"},
                               {"MIN_CURRENT", "6"}});
    CHECK(reading.energy == number("2"));
    CHECK(reading.time == number("0.25"));
    CHECK_FALSE(reading.parking_time);
    CHECK_FALSE(reading.reservation_time);
    CHECK(reading.power.max == number("11"));
    CHECK_FALSE(reading.power.average);
    CHECK(reading.current.average == number("16"));
    CHECK(reading.current.min == number("6"));
}

TEST_CASE("modules/pricing/period_reading: a volume of 0 was sent, but nothing took place")
{
    const auto reading = read({{"ENERGY", "0"}, {"RESERVATION_TIME", "0.0"}});
    CHECK(reading.energy == number("0"));
    CHECK_FALSE(reading.has_charging());
    CHECK_FALSE(reading.has_reservation());
    CHECK(read({{"PARKING_TIME", "0.1"}}).has_charging());
    CHECK(read({{"ENERGY", "-1"}}).has_charging());
    CHECK(read({{"RESERVATION_TIME", "0.1"}}).has_reservation());
    CHECK_FALSE(read({{"RESERVATION_TIME", "0.1"}, {"MAX_POWER", "5"}}).has_charging());
}

TEST_CASE("modules/pricing/period_reading: imported energy stands in for ENERGY, not beside it")
{
    CHECK(read({{"ENERGY_IMPORT", "2"}, {"ENERGY_IMPORT", "1"}}).energy == number("3"));
    CHECK(read({{"ENERGY_IMPORT", "2"}, {"ENERGY", "1"}}).energy == number("1"));
    CHECK(notes_of({{"ENERGY_IMPORT", "2"}}).size() == 1);
    CHECK(notes_of({{"ENERGY_IMPORT", "2"}, {"ENERGY", "1"}}).empty());
}

TEST_CASE("modules/pricing/period_reading: only what counts for nothing, or oddly, is noted")
{
    CHECK(notes_of({{"STATE_OF_CHARGE", "80"}, {"ENERGY_EXPORT", "0"}, {"POWER", "-3"}}).empty());
    CHECK(notes_of({{"ENERGY_EXPORT", "1"}}).size() == 1);
    CHECK(notes_of({{"ENERGY", "-1"}}).size() == 1);
    CHECK(notes_of({{"TIME", "-1"}}).size() == 1);
    // A type of any length is named by its beginning.
    const auto unknown = notes_of({{std::string(10'000, 'X'), "1"}});
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0].size() < 200);
}

TEST_CASE(
    "modules/pricing/period_reading: hours of many decimals may be rounded, each volume by itself")
{
    const auto reading = read({{"TIME", "0.1667"},
                               {"TIME", "0.16667"},
                               {"PARKING_TIME", "0.1667"},
                               {"RESERVATION_TIME", "0.167"},
                               {"TIME", "-0.1667"},
                               {"ENERGY", "0.1667"}});
    CHECK(text(reading.time_slack.hours()) == "0.000055");
    CHECK(text(reading.parking_slack.hours()) == "0.00005");
    CHECK(text(reading.reservation_slack.hours()) == "0");
}

TEST_CASE("modules/pricing/period_reading: a period lasts as long as the times that it tells")
{
    using pricing::stated_length;
    using std::chrono::milliseconds;
    CHECK(stated_length(read({{"TIME", "1.5"}, {"PARKING_TIME", "0.5"}})) ==
          milliseconds(7'200'000));
    CHECK(stated_length(read({{"RESERVATION_TIME", "0.0001"}})) == milliseconds(360));
    CHECK(stated_length(read({{"ENERGY", "5"}})) == milliseconds(0));
    CHECK(stated_length(read({{"TIME", "1e60"}})) == milliseconds(0));
}

}  // namespace period_reading_test
