#include "ocpi/base/time_zone.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace time_zone_test {

using namespace ocpi;

namespace {

date_time at(const std::string& text)
{
    return parse_date_time(text)->value;
}

local_time shown(int year, unsigned month, unsigned day, int hour, int minute)
{
    using namespace std::chrono;
    const auto date =
        year_month_day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
    return ocpi::local_time(local_days(date).time_since_epoch() + hours(hour) + minutes(minute));
}

}  // namespace

TEST_CASE("ocpi/base/time_zone: an instant is shown by local clocks, summer and winter")
{
    const auto madrid = time_zone::find("Europe/Madrid");
    REQUIRE(madrid);
    CHECK(madrid->name() == "Europe/Madrid");
    CHECK(madrid->local(at("2026-01-15T11:30:00Z")) == shown(2026, 1, 15, 12, 30));
    CHECK(madrid->local(at("2026-07-15T11:30:00Z")) == shown(2026, 7, 15, 13, 30));
    CHECK(time_zone().local(at("2026-07-15T11:30:00Z")) == shown(2026, 7, 15, 11, 30));
}

TEST_CASE("ocpi/base/time_zone: a local time is an instant")
{
    const auto kathmandu = *time_zone::find("Asia/Kathmandu");
    CHECK(to_string(kathmandu.instant(shown(2026, 3, 1, 7, 0))) == "2026-03-01T01:15:00Z");
}

TEST_CASE("ocpi/base/time_zone: a time that clocks pass over is the moment at which they are set")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    CHECK(to_string(madrid.instant(shown(2026, 3, 29, 2, 30))) == "2026-03-29T01:00:00Z");
    CHECK(to_string(madrid.instant(shown(2026, 3, 29, 1, 59))) == "2026-03-29T00:59:00Z");
    CHECK(to_string(madrid.instant(shown(2026, 3, 29, 3, 0))) == "2026-03-29T01:00:00Z");
}

TEST_CASE("ocpi/base/time_zone: a time that clocks show twice is the first of the two")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    CHECK(to_string(madrid.instant(shown(2026, 10, 25, 2, 30))) == "2026-10-25T00:30:00Z");
}

TEST_CASE("ocpi/base/time_zone: the next shift of the clocks is told")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    const auto spring = madrid.next_shift(at("2026-01-15T11:30:00Z"));
    REQUIRE(spring);
    CHECK(to_string(*spring) == "2026-03-29T01:00:00Z");
    const auto autumn = madrid.next_shift(*spring);
    REQUIRE(autumn);
    CHECK(to_string(*autumn) == "2026-10-25T01:00:00Z");
    CHECK_FALSE(time_zone().next_shift(at("2026-01-15T11:30:00Z")));
}

TEST_CASE("ocpi/base/time_zone: clocks go on being set after 2037")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    for (int year = 2038; year < 2140; ++year) {
        CAPTURE(year);
        const auto text = std::to_string(year);
        CHECK(madrid.local(at(text + "-07-01T10:00:00Z")) == shown(year, 7, 1, 12, 0));
        CHECK(madrid.local(at(text + "-12-31T23:30:00Z")) == shown(year + 1, 1, 1, 0, 30));
        CHECK(to_string(madrid.instant(shown(year, 7, 1, 12, 0))) == text + "-07-01T10:00:00Z");
        CHECK(to_string(madrid.instant(shown(year, 3, 1, 0, 0))).substr(10) == "T23:00:00Z");
        const auto spring = madrid.next_shift(at(text + "-01-01T00:00:00Z"));
        REQUIRE(spring);
        const auto autumn = madrid.next_shift(*spring);
        REQUIRE(autumn);
        using namespace std::chrono;
        const auto of_year = std::chrono::year(year);
        const sys_days last_of_march = of_year / March / Sunday[last];
        const sys_days last_of_october = of_year / October / Sunday[last];
        CHECK(spring->instant() == last_of_march + hours(1));
        CHECK(autumn->instant() == last_of_october + hours(1));
    }
    // In the leap year 2040 clocks pass over half past two on the 25th.
    CHECK(to_string(madrid.instant(shown(2040, 3, 25, 2, 30))) == "2040-03-25T01:00:00Z");
    CHECK(to_string(*madrid.next_shift(at("2037-11-01T00:00:00Z"))) == "2038-03-28T01:00:00Z");
    const auto new_york = *time_zone::find("America/New_York");
    CHECK(new_york.local(at("2050-07-01T16:00:00Z")) == shown(2050, 7, 1, 12, 0));
    CHECK(to_string(*new_york.next_shift(at("2050-01-01T00:00:00Z"))) == "2050-03-13T07:00:00Z");
    const auto tokyo = *time_zone::find("Asia/Tokyo");
    CHECK(tokyo.local(at("2050-07-01T16:00:00Z")) == shown(2050, 7, 2, 1, 0));
    CHECK_FALSE(tokyo.next_shift(at("2050-01-01T00:00:00Z")));
}

TEST_CASE("ocpi/base/time_zone: a name that is no zone is nothing")
{
    for (const char* name : {"", "Europe/Nowhere", "../../etc/passwd", "europe/madrid"}) {
        CAPTURE(name);
        CHECK_FALSE(time_zone::find(name));
    }
}

}  // namespace time_zone_test
