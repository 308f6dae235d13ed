#include "modules/exchange/page_link.hpp"

#include "ocpi/base/ci_string.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace page_link_test {

using ocpi::errc;
using ocpi::exchange::follow_page_link;
using ocpi::exchange::lacks_filters;

namespace {

constexpr std::string_view current = "https://cpo.example/ocpi/2.3.0/sessions?limit=10&date_from=x";

std::string follow(std::string_view link, std::string_view from = current)
{
    const auto url = follow_page_link(from, link);
    if (url.has_value()) return url->url;
    CHECK(url.error().code() == errc::partner_failure);
    return "refused";
}

}  // namespace

TEST_CASE(
    "modules/exchange/page_link: an absolute link to the same scheme, host and port is followed")
{
    CHECK(follow("https://cpo.example/other?offset=10") == "https://cpo.example/other?offset=10");
    CHECK(follow("HTTPS://CPO.Example:443/x") == "https://cpo.example/x");
    CHECK(follow("https://cpo.example:/x") == "https://cpo.example/x");
    CHECK(follow("https://cpo.example?offset=1") == "https://cpo.example/?offset=1");
    CHECK(follow("https://cpo.example/x#part") == "https://cpo.example/x");
    CHECK(follow("http://[::1]:8000/b", "http://[::1]:8000/a") == "http://[::1]:8000/b");
    CHECK(follow("http://h/b", "http://h:80/a") == "http://h/b");
}

TEST_CASE("modules/exchange/page_link: a relative link is resolved against the page it is on")
{
    CHECK(follow("?offset=10") == "https://cpo.example/ocpi/2.3.0/sessions?offset=10");
    CHECK(follow("/s?offset=10") == "https://cpo.example/s?offset=10");
    CHECK(follow("sessions?offset=10") == "https://cpo.example/ocpi/2.3.0/sessions?offset=10");
    CHECK(follow("../a/./b?c=/../") == "https://cpo.example/ocpi/a/b?c=/../");
    CHECK(follow("//cpo.example/x") == "https://cpo.example/x");
    CHECK(follow("") == current);
    CHECK(follow("next", "https://cpo.example?offset=1") == "https://cpo.example/next");
    CHECK(follow("?a=b:c") == "https://cpo.example/ocpi/2.3.0/sessions?a=b:c");
}

TEST_CASE(
    "modules/exchange/page_link: of a link to another scheme, host or port the path is followed "
    "here")
{
    for (const char* origin : {"http://cpo.example", "https://cpo.example:8443",
                               "https://evil.example", "https://cpo.example.evil"}) {
        CAPTURE(origin);
        const auto link = follow_page_link(current, std::string(origin) + "/x?offset=10&a=%2F");
        REQUIRE(link.has_value());
        CHECK(link->url == "https://cpo.example/x?offset=10&a=%2F");
        CHECK(link->foreign_origin == origin);
    }
    CHECK(follow_page_link(current, "//evil.example:80/x")->foreign_origin ==
          "https://evil.example:80");
    CHECK(follow_page_link(current, "HTTPS://CPO.example:443/x")->foreign_origin.empty());
    CHECK(follow_page_link(current, "?offset=10")->foreign_origin.empty());
}

TEST_CASE("modules/exchange/page_link: a link that is no URL of the web is refused")
{
    for (const char* link :
         {"https://cpo.example@evil.example/x", "https://evil.example\\@cpo.example/x",
          "https://cpo.example:443@evil.example/", "ftp://cpo.example/x", "file:///etc/passwd",
          "javascript:alert(1)", "https:/x", "https:x", "https://", "https:///x",
          "https://cpo.example:0/x", "https://cpo.example:99999/x", "https://cpo.example:44three/x",
          "https://[::1/x", "https://user:pw@cpo.example/x"}) {
        CAPTURE(std::string(link));
        CHECK(follow(link) == "refused");
    }
}

TEST_CASE(
    "modules/exchange/page_link: a URL with an offset and without a filter is of another list")
{
    const std::vector<std::string> both{"date_from", "date_to"};
    CHECK(lacks_filters("https://a/s?offset=1&limit=2", both));
    CHECK(lacks_filters("https://a/s?offset=1&date_from=x", both));
    CHECK(lacks_filters("https://a/s?xdate_from=1&offset=1&date_to", both));
    CHECK_FALSE(lacks_filters("https://a/s?date_to=y&offset=1&date_from=x", both));
    CHECK_FALSE(lacks_filters("https://a/s?offset=1", {}));
    CHECK_FALSE(lacks_filters("https://a/s?cursor=abc", both));
    CHECK_FALSE(lacks_filters("https://a/offset", both));
    CHECK_FALSE(lacks_filters("https://a/s?", both));
}

TEST_CASE("modules/exchange/page_link: what no URL may hold is refused")
{
    for (const char* link : {"/a b", "/a\r\nHost: evil", "/\xc3\xa9", "/a\\b", "/\"", "/<x>",
                             "/{x}", "https://cpo.example\t/x"}) {
        CAPTURE(link);
        CHECK(follow(link) == "refused");
    }
    CHECK(follow(std::string_view("/a\0b", 4)) == "refused");
}

TEST_CASE(
    "modules/exchange/page_link: whatever the link, the result begins with the list's own origin")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    constexpr std::string_view alphabet = "/.:?@#[]htps%a\\";
    std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
    for (int round = 0; round < 20'000; ++round) {
        std::string link;
        for (int i = 0; i < 12; ++i) link += alphabet[pick(random)];
        CAPTURE(link);
        const auto url = follow_page_link("https://a/b", link);
        if (!url.has_value()) continue;
        CHECK(ocpi::equal_ignoring_case(url->url.substr(0, 10), "https://a/"));
    }
}

}  // namespace page_link_test
