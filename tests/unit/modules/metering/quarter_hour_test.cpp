#include "modules/metering/quarter_hour.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

namespace quarter_hour_test {

using namespace ocpi;
using managed_test::moment;
using metering::next_quarter_hour;

TEST_CASE("modules/metering/quarter_hour: the next quarter-hour is one of the clock, and never now")
{
    CHECK(next_quarter_hour(moment("10:00")) == moment("10:15"));
    CHECK(next_quarter_hour(moment("10:14:59")) == moment("10:15"));
    CHECK(next_quarter_hour(moment("10:15")) == moment("10:30"));
    CHECK(next_quarter_hour(date_time::from_milliseconds(-1)) == date_time::from_milliseconds(0));
    CHECK(next_quarter_hour(date_time::from_milliseconds(-900'000)) ==
          date_time::from_milliseconds(0));
}

}  // namespace quarter_hour_test
