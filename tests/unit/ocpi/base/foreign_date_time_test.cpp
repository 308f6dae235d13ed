#include "ocpi/base/foreign_date_time.hpp"

#include <doctest/doctest.h>

namespace foreign_date_time_test {

using namespace ocpi;

TEST_CASE("ocpi/base/foreign_date_time: forms of other libraries are understood")
{
    struct example {
        const char* text;
        const char* normal;
        const char* conversion;
    };
    constexpr const char* none = "";
    constexpr const char* utc = "converted to UTC";
    constexpr const char* blank = "written with T for the blank";
    for (const auto& [text, normal, conversion] : {
             example{"2024-03-01T10:00:00.1", "2024-03-01T10:00:00.100Z", none},
             example{"2024-03-01 10:00:00Z", "2024-03-01T10:00:00Z", blank},
             example{"2024-03-01 10:00:00", "2024-03-01T10:00:00Z", blank},
             example{"2024-03-01 10:00:00.123456+00:00", "2024-03-01T10:00:00.123Z", utc},
             example{"2024-03-01T10:00:00+02:00", "2024-03-01T08:00:00Z", utc},
         }) {
        CAPTURE(text);
        const auto parsed = parse_foreign_date_time(text);
        REQUIRE(parsed);
        CHECK(normalized(parsed->parsed) == normal);
        CHECK(parsed->conversion == conversion);
        CHECK(parsed->is_foreign != parse_date_time(text).has_value());
    }
}

TEST_CASE("ocpi/base/foreign_date_time: anything else is refused")
{
    for (const char* text :
         {"", "2024-03-01", "2024-03-01  10:00:00Z", "2024-03-01 10:00Z", "2024-03-01 10:00:00 Z",
          "2024-03-01 10:00:00+2", "2024-03-01T10:00:00+0200", "2024-03-01 10:00:00+02",
          "2024-03-01 10:00:00+02:", "2024-03-01 10:00:00+020", "2024-03-01 10:00:00+02:0",
          "2024-03-01 10:00:00+2400", "2024-03-01_10:00:00Z", "2024-02-30 10:00:00Z",
          "01.03.2024 10:00:00"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_foreign_date_time(text));
    }
}

}  // namespace foreign_date_time_test
