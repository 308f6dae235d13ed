#include "http/http_date.hpp"

#include <doctest/doctest.h>

namespace http_date_test {

using namespace ocpi;

namespace {

date_time at(const char* text)
{
    return parse_date_time(text).value().value;
}

const date_time now = at("2026-06-01T12:00:00Z");

}  // namespace

TEST_CASE("http/http_date: an instant is written as IMF-fixdate, without its milliseconds")
{
    CHECK(http::write_http_date(at("1994-11-06T08:49:37.999Z")) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http::write_http_date(at("2024-02-29T23:59:59Z")) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("http/http_date: all three forms of RFC 9110 are read")
{
    const auto expected = at("1994-11-06T08:49:37Z");
    CHECK(http::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == expected);
    CHECK(http::parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == expected);
    CHECK(http::parse_http_date("Sun Nov  6 08:49:37 1994", now) == expected);
    CHECK(http::parse_http_date("Wed Nov 16 08:49:37 1994", now) == at("1994-11-16T08:49:37Z"));
    CHECK(http::parse_http_date("Tuesday, 06-Nov-29 08:49:37 GMT", now) ==
          at("2029-11-06T08:49:37Z"));
}

TEST_CASE("http/http_date: what is none of these forms, or no day, is not read")
{
    for (const char* text :
         {"", "Sun", "Sun,", "Sun, ", "120", "2026-06-01T12:00:00Z", "Sun, 06 Nov 1994 08:49:37",
          "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 8:49:37 GMT",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun Nov 6 08:49:37 1994", "Sunday, 06-Nov-94", "Son, 06 Nov 1994 08:49:37 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(http::parse_http_date(text, now).has_value());
    }
}

}  // namespace http_date_test
