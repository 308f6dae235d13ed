#include "server/date_field.hpp"

#include <doctest/doctest.h>

namespace date_field_test {

using ocpi::date_time;
using ocpi::server::date_field;

TEST_CASE("server/date_field: the text changes with the second, forth and back")
{
    date_field field;
    const auto at = [&field](std::int64_t ms) {
        return field.at(date_time::from_milliseconds(ms));
    };
    CHECK(at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(at(999) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(at(1000) == "Thu, 01 Jan 1970 00:00:01 GMT");
    CHECK(at(784'111'777'500) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_CASE("server/date_field: within a second the text is not made again")
{
    date_field field;
    const auto* const text = field.at(date_time::from_milliseconds(2000)).data();
    CHECK(field.at(date_time::from_milliseconds(2999)).data() == text);
}

}  // namespace date_field_test
