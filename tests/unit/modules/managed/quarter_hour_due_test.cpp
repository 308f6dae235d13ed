#include "modules/managed/quarter_hour_due.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

namespace quarter_hour_due_test {

using ocpi::managed::is_quarter_hour_due;
using ocpi::managed_test::moment;

TEST_CASE("modules/managed/quarter_hour_due: plans are due when the quarter-hour comes")
{
    CHECK_FALSE(is_quarter_hour_due(moment("10:15"), moment("10:00")));
    CHECK_FALSE(is_quarter_hour_due(moment("10:15"), moment("10:14:59")));
    CHECK(is_quarter_hour_due(moment("10:15"), moment("10:15")));
    CHECK(is_quarter_hour_due(moment("10:15"), moment("11:40")));
}

TEST_CASE("modules/managed/quarter_hour_due: plans are due when the clock is set back")
{
    CHECK(is_quarter_hour_due(moment("10:15"), moment("09:59:59")));
    CHECK(is_quarter_hour_due(moment("10:15"), moment("08:00")));
}

}  // namespace quarter_hour_due_test
