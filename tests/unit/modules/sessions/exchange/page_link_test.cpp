#include "modules/sessions/exchange/page_link.hpp"

#include "ocpi/base/ci_string.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

using ocpi::errc;
using ocpi::sessions::exchange::follow_page_link;

namespace {

constexpr std::string_view current = "https://cpo.example/ocpi/2.3.0/sessions?limit=10&date_from=x";

std::string follow(std::string_view link, std::string_view from = current)
{
    const auto url = follow_page_link(from, link);
    if (url.has_value()) return *url;
    CHECK(url.error().code() == errc::partner_failure);
    return "refused";
}

}  // namespace

TEST_CASE("exchange/page_link: an absolute link to the same scheme, host and port is followed")
{
    CHECK(follow("https://cpo.example/other?offset=10") == "https://cpo.example/other?offset=10");
    CHECK(follow("HTTPS://CPO.Example:443/x") == "https://cpo.example/x");
    CHECK(follow("https://cpo.example:/x") == "https://cpo.example/x");
    CHECK(follow("https://cpo.example?offset=1") == "https://cpo.example/?offset=1");
    CHECK(follow("https://cpo.example/x#part") == "https://cpo.example/x");
    CHECK(follow("http://[::1]:8000/b", "http://[::1]:8000/a") == "http://[::1]:8000/b");
    CHECK(follow("http://h/b", "http://h:80/a") == "http://h/b");
}

TEST_CASE("exchange/page_link: a relative link is resolved against the page it is on")
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

TEST_CASE("exchange/page_link: a link to anywhere else is refused")
{
    for (const char* link : {"http://cpo.example/x",
                             "https://cpo.example:8443/x",
                             "https://evil.example/x",
                             "https://cpo.example.evil/x",
                             "//evil.example/x",
                             "https://cpo.example@evil.example/x",
                             "https://evil.example\\@cpo.example/x",
                             "https://cpo.example:443@evil.example/",
                             "ftp://cpo.example/x",
                             "file:///etc/passwd",
                             "javascript:alert(1)",
                             "https:/x",
                             "https:x",
                             "https://",
                             "https:///x",
                             "https://cpo.example:0/x",
                             "https://cpo.example:99999/x",
                             "https://cpo.example:44three/x",
                             "https://[::1/x",
                             "https://user:pw@cpo.example/x"}) {
        CAPTURE(link);
        CHECK(follow(link) == "refused");
    }
}

TEST_CASE("exchange/page_link: what no URL may hold is refused")
{
    for (const char* link : {"/a b", "/a\r\nHost: evil", "/\xc3\xa9", "/a\\b", "/\"", "/<x>",
                             "/{x}", "https://cpo.example\t/x"}) {
        CAPTURE(link);
        CHECK(follow(link) == "refused");
    }
    CHECK(follow(std::string_view("/a\0b", 4)) == "refused");
}

TEST_CASE("exchange/page_link: whatever the link, the result begins with the list's own origin")
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
        CHECK(ocpi::equal_ignoring_case(url->substr(0, 9), "https://a"));
    }
}
