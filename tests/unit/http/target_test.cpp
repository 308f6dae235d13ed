#include "http/target.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace http_target_test {

using namespace ocpi;
using http::parse_target;
using segments = std::vector<std::string>;

TEST_CASE("http/target: a path is split first and decoded afterwards")
{
    CHECK(parse_target("/ocpi/2.3.0/a%2Fb%20c/%c3%a9")->segments ==
          segments{"ocpi", "2.3.0", "a/b c", "é"});
    CHECK(parse_target("/a+b")->segments == segments{"a+b"});
}

TEST_CASE("http/target: one trailing slash is no segment, two are")
{
    CHECK(parse_target("/")->segments.empty());
    CHECK(parse_target("/a/")->segments == segments{"a"});
    CHECK(parse_target("/a//")->segments == segments{"a", ""});
    CHECK(parse_target("/a//b")->segments == segments{"a", "", "b"});
}

TEST_CASE("http/target: dots are characters, never a way up")
{
    CHECK(parse_target("/a/../b/./c")->segments == segments{"a", "..", "b", ".", "c"});
}

TEST_CASE("http/target: query parameters are decoded, and kept as they were sent")
{
    const auto parsed = parse_target("/a?date_from=2024-01-01T00:00:00%2B02:00&b=c+d&e&=f&b=2");
    REQUIRE(parsed.has_value());
    REQUIRE(parsed->query.size() == 5);
    CHECK(*parsed->find("date_from") == "2024-01-01T00:00:00+02:00");
    CHECK(parsed->query[0].text == "date_from=2024-01-01T00:00:00%2B02:00");
    CHECK(*parsed->find("b") == "c+d");
    CHECK(*parsed->find("e") == "");
    CHECK(parsed->query[2].text == "e");
    CHECK(*parsed->find("") == "f");
    CHECK(parsed->find("absent") == nullptr);
    CHECK(parse_target("/a")->query.empty());
}

TEST_CASE("http/target: what is no path with an optional query is refused")
{
    for (const char* text : {"", "*", "a", "http://host/a", "/a b", "/%", "/%2", "/%zz", "/a?b=%g0",
                             "/a#b", "/a?b#c", "/\xc3\xa9", "/a\n"}) {
        CAPTURE(text);
        const auto parsed = parse_target(text);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().code() == errc::malformed_http);
    }
}

TEST_CASE("http/target: the management interface is all that is below /v1")
{
    for (const char* text : {"/v1", "/v1/", "/v1?a", "/v1/sessions"}) {
        CHECK(http::is_management_path(text));
    }
    for (const char* text : {"", "/", "/v", "/v10", "/v1x/y", "/ocpi/v1", "/V1"}) {
        CHECK_FALSE(http::is_management_path(text));
    }
}

TEST_CASE("http/target: a base URL is absolute, http or https, without query and fragment")
{
    for (const char* text :
         {"https://a.example", "http://127.0.0.1:8000/ocpi", "https://[::1]/x"}) {
        CHECK_MESSAGE(http::is_base_url(text), text);
    }
    for (const char* text :
         {"", "/ocpi", "ftp://a.example", "https://", "https://a.example?x", "https://a.example#x",
          "http://a.b:80x", "http://[::1]x", "http://a.b:0", "a.example"}) {
        CHECK_FALSE_MESSAGE(http::is_base_url(text), text);
    }
}

}  // namespace http_target_test
