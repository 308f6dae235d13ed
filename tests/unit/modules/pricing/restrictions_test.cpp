#include "modules/pricing/restrictions.hpp"

#include "cost_fixture.hpp"

namespace restrictions_test {

using namespace ocpi;
using namespace ocpi::test;
using namespace std::chrono_literals;
using pricing::judge;
using pricing::pricing_state;
using pricing::restriction_match;
using tariffs::tariff_restrictions;

namespace {

/// A moment at that local time, `YYYY-MM-DDThh:mm:ssZ` read as what the clocks show.
pricing_state shown(std::string_view text)
{
    pricing_state at;
    at.local = local_time(instant(text).instant().time_since_epoch());
    return at;
}

bool holds(const tariff_restrictions& wanted, const pricing_state& at)
{
    return judge(wanted, at) == restriction_match::yes;
}

/// Restrictions and the state that they are judged at.
struct judged {
    tariff_restrictions wanted;
    pricing_state at;

    restriction_match match() const { return judge(wanted, at); }
};

tariff_restrictions window(std::optional<std::chrono::minutes> start,
                           std::optional<std::chrono::minutes> end)
{
    tariff_restrictions wanted;
    wanted.start_time = start;
    wanted.end_time = end;
    return wanted;
}

tariff_restrictions on(std::initializer_list<std::chrono::weekday> days)
{
    tariff_restrictions wanted;
    for (const auto day : days) wanted.day_of_week[day.c_encoding()] = true;
    return wanted;
}

}  // namespace

TEST_CASE("modules/pricing/restrictions: none at all hold always")
{
    CHECK(holds({}, shown("2024-01-08T10:00:00Z")));
}

TEST_CASE(
    "modules/pricing/restrictions: a time window begins with its start and ends before its end")
{
    const auto wanted = window(9h, 17h);
    CHECK_FALSE(holds(wanted, shown("2024-01-08T08:59:59.999Z")));
    CHECK(holds(wanted, shown("2024-01-08T09:00:00Z")));
    CHECK(holds(wanted, shown("2024-01-08T16:59:59.999Z")));
    CHECK_FALSE(holds(wanted, shown("2024-01-08T17:00:00Z")));
}

TEST_CASE("modules/pricing/restrictions: a window whose end is before its start goes over midnight")
{
    const auto wanted = window(22h, 6h);
    CHECK_FALSE(holds(wanted, shown("2024-01-08T21:59:59Z")));
    CHECK(holds(wanted, shown("2024-01-08T22:00:00Z")));
    CHECK(holds(wanted, shown("2024-01-09T00:00:00Z")));
    CHECK(holds(wanted, shown("2024-01-09T05:59:59Z")));
    CHECK_FALSE(holds(wanted, shown("2024-01-09T06:00:00Z")));
}

TEST_CASE("modules/pricing/restrictions: 00:00 as an end is that of the day")
{
    const auto evening = window(20h, 0h);
    CHECK(holds(evening, shown("2024-01-08T23:59:59Z")));
    CHECK_FALSE(holds(evening, shown("2024-01-08T00:00:00Z")));
    const auto all_day = window(0h, 0h);
    CHECK(holds(all_day, shown("2024-01-08T00:00:00Z")));
    CHECK(holds(all_day, shown("2024-01-08T23:59:59Z")));
}

TEST_CASE("modules/pricing/restrictions: an absent start or end is that of the day")
{
    CHECK(holds(window({}, 8h), shown("2024-01-08T00:00:00Z")));
    CHECK_FALSE(holds(window({}, 8h), shown("2024-01-08T08:00:00Z")));
    CHECK(holds(window(8h, {}), shown("2024-01-08T23:59:59Z")));
    CHECK_FALSE(holds(window(8h, {}), shown("2024-01-08T07:59:59Z")));
    CHECK(holds(window({}, 0h), shown("2024-01-08T12:00:00Z")));
}

TEST_CASE("modules/pricing/restrictions: a window from a time to the same time is never open")
{
    CHECK_FALSE(holds(window(8h, 8h), shown("2024-01-08T08:00:00Z")));
    CHECK_FALSE(holds(window(8h, 8h), shown("2024-01-08T20:00:00Z")));
}

TEST_CASE("modules/pricing/restrictions: dates go from the first to before the last")
{
    using namespace std::chrono;
    tariff_restrictions wanted;
    wanted.start_date = 2024y / January / 8;
    wanted.end_date = 2024y / January / 10;
    CHECK_FALSE(holds(wanted, shown("2024-01-07T23:59:59Z")));
    CHECK(holds(wanted, shown("2024-01-08T00:00:00Z")));
    CHECK(holds(wanted, shown("2024-01-09T23:59:59Z")));
    CHECK_FALSE(holds(wanted, shown("2024-01-10T00:00:00Z")));
}

TEST_CASE("modules/pricing/restrictions: the time window opens on each day of the dates")
{
    using namespace std::chrono;
    auto wanted = window(9h, 17h);
    wanted.start_date = 2024y / January / 8;
    wanted.end_date = 2024y / January / 10;
    CHECK(holds(wanted, shown("2024-01-08T09:00:00Z")));
    CHECK_FALSE(holds(wanted, shown("2024-01-08T17:00:00Z")));
    CHECK(holds(wanted, shown("2024-01-09T09:00:00Z")));
    CHECK_FALSE(holds(wanted, shown("2024-01-10T09:00:00Z")));
}

TEST_CASE(
    "modules/pricing/restrictions: after midnight it is the next weekday, in a window over "
    "midnight too")
{
    auto wanted = window(22h, 6h);
    wanted.day_of_week = on({std::chrono::Friday}).day_of_week;
    CHECK(holds(wanted, shown("2024-01-05T22:00:00Z")));        // Friday evening
    CHECK_FALSE(holds(wanted, shown("2024-01-06T00:00:00Z")));  // by now it is Saturday
    CHECK(holds(wanted, shown("2024-01-05T03:00:00Z")));        // Friday before dawn
    wanted.day_of_week = on({std::chrono::Friday, std::chrono::Saturday}).day_of_week;
    CHECK(holds(wanted, shown("2024-01-06T05:59:59Z")));
}

TEST_CASE("modules/pricing/restrictions: every weekday is told from the others")
{
    for (unsigned wanted = 0; wanted < 7; ++wanted) {
        for (int day = 0; day < 7; ++day) {
            auto at = shown("2024-01-07T12:00:00Z");  // a Sunday
            at.local += std::chrono::days(day);
            CHECK(holds(on({std::chrono::weekday(wanted)}), at) ==
                  (wanted == static_cast<unsigned>(day)));
        }
    }
}

TEST_CASE_FIXTURE(
    judged,
    "modules/pricing/restrictions: a duration has come with its minimum and is over with its "
    "maximum")
{
    wanted.min_duration = 1800s;
    wanted.max_duration = 3600s;
    const auto after = [&](std::chrono::milliseconds elapsed) {
        at.elapsed = elapsed;
        return holds(wanted, at);
    };
    CHECK_FALSE(after(1799999ms));
    CHECK(after(1800s));
    CHECK(after(3599999ms));
    CHECK_FALSE(after(3600s));
    CHECK_FALSE(after(-60s));
}

TEST_CASE_FIXTURE(
    judged,
    "modules/pricing/restrictions: energy has come with its minimum and is over with its maximum")
{
    wanted.min_kwh = number("10");
    wanted.max_kwh = number("20.5");
    const auto with = [&](std::string_view kwh) {
        at.kwh = number(kwh);
        return holds(wanted, at);
    };
    CHECK_FALSE(with("9.999"));
    CHECK(with("10.0"));
    CHECK(with("20.4999"));
    CHECK_FALSE(with("20.50"));
}

TEST_CASE_FIXTURE(judged,
                  "modules/pricing/restrictions: maxima are held against MAX, minima against MIN")
{
    wanted.min_current = number("16");
    wanted.max_current = number("32");
    at.current.min = number("16");
    at.current.max = number("31.9");
    CHECK(match() == restriction_match::yes);
    at.current.max = number("32");
    CHECK(match() == restriction_match::no);
    at.current.max = number("20");
    at.current.min = number("15.9");
    CHECK(match() == restriction_match::no);
}

TEST_CASE_FIXTURE(
    judged,
    "modules/pricing/restrictions: a missing extreme is the average, else the other extreme")
{
    wanted.max_power = number("22");
    at.power.min = number("10");
    CHECK(match() == restriction_match::yes);
    at.power.average = number("22");
    CHECK(match() == restriction_match::no);
    at.power.max = number("21");
    CHECK(match() == restriction_match::yes);

    tariff_restrictions min;
    min.min_power = number("22");
    pricing_state other;
    other.power.max = number("30");
    CHECK(holds(min, other));
    other.power.average = number("21");
    CHECK(judge(min, other) == restriction_match::no);
}

TEST_CASE_FIXTURE(judged,
                  "modules/pricing/restrictions: power that was not sent is energy over time")
{
    wanted.max_power = number("11");
    at.period_kwh = number("5.5");
    at.period_length = 30min;
    CHECK(match() == restriction_match::no);  // 11 kW to the watt
    at.period_kwh = number("5.4999");
    CHECK(match() == restriction_match::yes);
    wanted.min_power = number("10.9998");
    CHECK(match() == restriction_match::yes);
    wanted.min_power = number("10.99981");
    CHECK(match() == restriction_match::no);
}

TEST_CASE_FIXTURE(
    judged, "modules/pricing/restrictions: what is unknown is assumed to hold, but nothing else is")
{
    wanted.max_power = number("11");
    CHECK(match() == restriction_match::assumed);
    at.period_length = 30min;
    CHECK(match() == restriction_match::assumed);
    wanted.max_current = number("11");
    CHECK(match() == restriction_match::assumed);
    at.power.average = number("12");
    CHECK(match() == restriction_match::no);
    at.power.average = number("10");
    CHECK(match() == restriction_match::assumed);
    at.elapsed = 2h;
    wanted.max_duration = 3600s;
    CHECK(match() == restriction_match::no);
}

TEST_CASE_FIXTURE(judged, "modules/pricing/restrictions: current is never reckoned from energy")
{
    wanted.min_current = number("16");
    at.period_kwh = number("1");
    at.period_length = 30min;
    CHECK(match() == restriction_match::assumed);
}

}  // namespace restrictions_test
