#include "ocpi/protocol/sender_clock.hpp"

#include <doctest/doctest.h>

namespace sender_clock_test {

using namespace ocpi;
using namespace ocpi::protocol;

namespace {

constexpr date_time at(std::int64_t second)
{
    return date_time::from_milliseconds(second * 1000);
}

}  // namespace

TEST_CASE("ocpi/protocol/sender_clock: older than what is stored is stale")
{
    CHECK(is_stale(at(9), at(10), at(100)));
    CHECK_FALSE(is_stale(at(10), at(10), at(100)));
    CHECK_FALSE(is_stale(at(11), at(10), at(100)));
    CHECK_FALSE(is_stale(at(200), at(10), at(100)));
}

TEST_CASE("ocpi/protocol/sender_clock: a stored time of the future counts as of now")
{
    CHECK_FALSE(is_stale(at(100), at(1000), at(100)));
    CHECK_FALSE(is_stale(at(999), at(1000), at(100)));
    CHECK(is_stale(at(94), at(1000), at(100)));
}

TEST_CASE(
    "ocpi/protocol/sender_clock: a right time that was cut to its second and sent is new enough")
{
    CHECK_FALSE(is_stale(at(95), at(1000), at(100)));
    CHECK_FALSE(is_stale(at(99), at(101), at(100)));
    CHECK(is_stale(at(98), at(101), at(100)));
}

TEST_CASE("ocpi/protocol/sender_clock: a lead of more than five minutes is named")
{
    CHECK_FALSE(note_clock_lead(at(0), at(1000)));
    CHECK_FALSE(note_clock_lead(at(300), at(0)));
    CHECK(note_clock_lead(at(301), at(0)) ==
          "/last_updated is ahead of our clock, which shows 1970-01-01T00:00:00Z");
}

TEST_CASE("ocpi/protocol/sender_clock: a stale write is told both times and what to do")
{
    const auto refused =
        stale("session", date_time::from_milliseconds(0), date_time::from_milliseconds(1));
    CHECK(refused.code() == errc::invalid);
    CHECK(refused.pointer() == "/last_updated");
    CHECK(refused.text() ==
          "stale: last_updated 1970-01-01T00:00:00Z is older than the stored "
          "1970-01-01T00:00:00.001Z; nothing was changed: GET the session, then PUT it");
}

}  // namespace sender_clock_test
