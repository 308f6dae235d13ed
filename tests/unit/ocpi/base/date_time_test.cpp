#include "ocpi/base/date_time.hpp"

#include <doctest/doctest.h>

#include <string>

namespace date_time_test {

using namespace ocpi;

TEST_CASE("ocpi/base/date_time: every shape that OCPI allows is read and normalised")
{
    struct example {
        const char* text;
        const char* normal;
        std::int64_t milliseconds;
    };
    for (const auto& [text, normal, milliseconds] : {
             example{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", 0},
             example{"1970-01-01T00:00:01", "1970-01-01T00:00:01Z", 1000},
             example{"1970-01-01T00:00:00.5Z", "1970-01-01T00:00:00.500Z", 500},
             example{"1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.000Z", 0},
             example{"1970-01-01T00:00:00.123456789", "1970-01-01T00:00:00.123Z", 123},
             example{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z", -1},
             example{"2024-02-29T12:30:45Z", "2024-02-29T12:30:45Z", 1709209845000},
         }) {
        CAPTURE(text);
        const auto parsed = parse_date_time(text);
        REQUIRE(parsed);
        CHECK(normalized(*parsed) == normal);
        CHECK(parsed->value.milliseconds() == milliseconds);
        CHECK_FALSE(parsed->had_offset);
    }
}

TEST_CASE("ocpi/base/date_time: an offset is converted and reported")
{
    const auto east = parse_date_time("2024-01-01T01:00:00.25+02:00");
    REQUIRE(east);
    CHECK(east->had_offset);
    CHECK(normalized(*east) == "2023-12-31T23:00:00.250Z");
    const auto west = parse_date_time("2023-12-31T20:30:00-03:30");
    REQUIRE(west);
    CHECK(normalized(*west) == "2024-01-01T00:00:00Z");
    const auto none = parse_date_time("2024-01-01T00:00:00+00:00");
    REQUIRE(none);
    CHECK(none->had_offset);
}

TEST_CASE("ocpi/base/date_time: anything else is refused")
{
    for (const char* text : {"",
                             "2024-01-01",
                             "2024-01-01 10:00:00Z",
                             "2024-01-01t10:00:00Z",
                             "2024-01-01T10:00:00z",
                             "2024-01-01T10:00Z",
                             "2024-1-1T10:00:00Z",
                             "2023-02-29T10:00:00Z",
                             "2024-13-01T10:00:00Z",
                             "2024-00-01T10:00:00Z",
                             "2024-01-32T10:00:00Z",
                             "2024-01-01T24:00:00Z",
                             "2024-01-01T10:60:00Z",
                             "2024-01-01T10:00:60Z",
                             "2024-01-01T10:00:00.Z",
                             "2024-01-01T10:00:00.1234567890Z",
                             "2024-01-01T10:00:00ZZ",
                             "2024-01-01T10:00:00+0200",
                             "2024-01-01T10:00:00+24:00",
                             "0000-01-01T00:00:00+01:00",
                             "9999-12-31T23:59:59-01:00",
                             " 2024-01-01T10:00:00Z",
                             "2024-01-01T10:00:00Z ",
                             "+024-01-01T10:00:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_date_time(text));
    }
}

TEST_CASE("ocpi/base/date_time: an instant is written with three fraction digits or none")
{
    CHECK(to_string(date_time::from_milliseconds(0)) == "1970-01-01T00:00:00Z");
    CHECK(to_string(date_time::from_milliseconds(1)) == "1970-01-01T00:00:00.001Z");
}

}  // namespace date_time_test
