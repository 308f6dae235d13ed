#include "modules/pricing/local_clock.hpp"

#include "ocpi/base/date_time.hpp"

#include <doctest/doctest.h>

#include <string>

namespace local_clock_test {

using namespace ocpi;
using pricing::local_clock;

namespace {

/// From `YYYY-MM-DDThh:mm`.
date_time at(const std::string& minute)
{
    return parse_date_time(minute + ":00Z")->value;
}

/// What the clock shows, as if it were UTC.
std::string shown(local_clock& clock, const std::string& minute)
{
    const auto local = clock.show(at(minute));
    return to_string(date_time(date_time::time_point(local.time_since_epoch()))).substr(0, 16);
}

}  // namespace

TEST_CASE("modules/pricing/local_clock: clocks are set when the zone says so")
{
    const auto zone = *time_zone::find("Europe/Madrid");
    local_clock clock(zone);
    CHECK(shown(clock, "2026-03-29T00:59") == "2026-03-29T01:59");
    CHECK(shown(clock, "2026-03-29T01:00") == "2026-03-29T03:00");
    CHECK(shown(clock, "2026-10-25T00:59") == "2026-10-25T02:59");
    CHECK(shown(clock, "2026-10-25T01:00") == "2026-10-25T02:00");
}

TEST_CASE("modules/pricing/local_clock: it is known until when they go on as they are")
{
    const auto zone = *time_zone::find("Europe/Madrid");
    local_clock clock(zone);
    clock.show(at("2026-03-29T00:59"));
    CHECK(clock.steady_until() == at("2026-03-29T01:00"));
    clock.show(at("2026-03-29T01:00"));
    CHECK(clock.steady_until() == at("2026-10-25T01:00"));
}

TEST_CASE("modules/pricing/local_clock: years between two instants make no difference")
{
    const auto zone = *time_zone::find("Europe/Berlin");
    local_clock clock(zone);
    // Clocks were not set there again before 1980.
    CHECK(shown(clock, "1970-01-01T00:00") == "1970-01-01T01:00");
    CHECK(shown(clock, "2026-01-01T00:00") == "2026-01-01T01:00");
    CHECK(shown(clock, "2026-07-01T00:00") == "2026-07-01T02:00");
}

TEST_CASE("modules/pricing/local_clock: where clocks are never set they show the same for ever")
{
    const time_zone zone;
    local_clock clock(zone);
    CHECK(shown(clock, "0001-01-01T00:00") == "0001-01-01T00:00");
    CHECK(shown(clock, "9999-12-31T23:59") == "9999-12-31T23:59");
}

}  // namespace local_clock_test
