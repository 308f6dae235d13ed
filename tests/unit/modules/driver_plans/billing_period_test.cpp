#include "modules/driver_plans/billing_period.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>

namespace billing_period_test {

using namespace ocpi;
using driver_plans::billing_month;
using driver_plans::billing_period;

namespace {

date_time at(const std::string& text)
{
    return parse_date_time(text)->value;
}

std::string month(const char* zone, const std::string& instant)
{
    const auto found = billing_month(at(instant), *time_zone::find(zone));
    return to_string(found.start) + " " + to_string(found.end);
}

std::int64_t hours(const billing_period& period)
{
    return (period.end.milliseconds() - period.start.milliseconds()) / 3'600'000;
}

}  // namespace

TEST_CASE("modules/driver_plans/billing_period: a month begins at the zone's own midnight")
{
    const std::string january = "2025-12-31T23:00:00Z 2026-01-31T23:00:00Z";
    CHECK(month("Europe/Madrid", "2025-12-31T23:00:00Z") == january);
    CHECK(month("Europe/Madrid", "2026-01-31T22:59:59.999Z") == january);
    CHECK(month("Europe/Madrid", "2026-01-31T23:00:00Z") ==
          "2026-01-31T23:00:00Z 2026-02-28T23:00:00Z");
    CHECK(month("UTC", "2026-01-31T23:00:00Z") == "2026-01-01T00:00:00Z 2026-02-01T00:00:00Z");
    CHECK(month("Pacific/Kiritimati", "2026-01-31T10:00:00Z") ==
          "2026-01-31T10:00:00Z 2026-02-28T10:00:00Z");
    CHECK(month("America/Los_Angeles", "2026-01-01T07:59:59Z") ==
          "2025-12-01T08:00:00Z 2026-01-01T08:00:00Z");
}

TEST_CASE("modules/driver_plans/billing_period: months have their lengths, and the year ends")
{
    const time_zone utc;
    CHECK(hours(billing_month(at("2026-02-15T00:00:00Z"), utc)) == 28 * 24);
    CHECK(hours(billing_month(at("2028-02-15T00:00:00Z"), utc)) == 29 * 24);
    CHECK(hours(billing_month(at("2026-04-30T23:59:59Z"), utc)) == 30 * 24);
    CHECK(month("UTC", "2026-12-31T23:59:59.999Z") == "2026-12-01T00:00:00Z 2027-01-01T00:00:00Z");
    CHECK(month("UTC", "2027-01-01T00:00:00Z") == "2027-01-01T00:00:00Z 2027-02-01T00:00:00Z");
}

TEST_CASE(
    "modules/driver_plans/billing_period: a month in which clocks are set has an hour less or more")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    const auto march = billing_month(at("2026-03-10T00:00:00Z"), madrid);
    CHECK(to_string(march.start) == "2026-02-28T23:00:00Z");
    CHECK(to_string(march.end) == "2026-03-31T22:00:00Z");
    CHECK(hours(march) == 31 * 24 - 1);
    CHECK(hours(billing_month(at("2026-10-10T00:00:00Z"), madrid)) == 31 * 24 + 1);
}

TEST_CASE(
    "modules/driver_plans/billing_period: a day that is shown again belongs to the month begun")
{
    // There, clocks were set back from 00:01 on November 1st to 23:01 on October 31st.
    const char* zone = "America/St_Johns";
    const std::string november = "2009-11-01T02:30:00Z 2009-12-01T03:30:00Z";
    CHECK(month(zone, "2009-11-01T02:29:59Z") == "2009-10-01T02:30:00Z 2009-11-01T02:30:00Z");
    CHECK(month(zone, "2009-11-01T02:30:00Z") == november);
    CHECK(month(zone, "2009-11-01T02:45:00Z") == november);
    CHECK(month(zone, "2009-11-01T03:30:00Z") == november);
}

TEST_CASE("modules/driver_plans/billing_period: every instant is in one month, and months join")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<std::int64_t> instants(0, 2'208'988'800'000);  // 1970 to 2039
    for (const char* name : {"Europe/Madrid", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia",
                             "Africa/Cairo", "America/Asuncion"}) {
        CAPTURE(name);
        const auto zone = *time_zone::find(name);
        for (int i = 0; i < 300; ++i) {
            const auto instant = date_time::from_milliseconds(instants(random));
            CAPTURE(to_string(instant));
            const auto period = billing_month(instant, zone);
            REQUIRE(period.start <= instant);
            REQUIRE(instant < period.end);
            REQUIRE(billing_month(period.start, zone) == period);
            const auto last = date_time::from_milliseconds(period.end.milliseconds() - 1);
            REQUIRE(billing_month(last, zone) == period);
            REQUIRE(billing_month(period.end, zone).start == period.end);
        }
    }
}

}  // namespace billing_period_test
