#include "ocpi/protocol/link_header.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <string_view>

namespace link_header_test {

using ocpi::protocol::find_next_link;
using namespace std::string_view_literals;

TEST_CASE("ocpi/protocol/link_header: the target of the relation next is found")
{
    CHECK(find_next_link(R"(<https://a.example/s?offset=50>; rel="next")") ==
          "https://a.example/s?offset=50");
    CHECK(find_next_link("<https://a.example/s>;rel=next") == "https://a.example/s");
    CHECK(find_next_link("\t < /s?offset=1 > ;\trel\t=\tnext ") == "/s?offset=1");
    CHECK(find_next_link("<>; rel=next") == "");
}

TEST_CASE("ocpi/protocol/link_header: names and relations are compared without regard to case")
{
    CHECK(find_next_link(R"(<u>; REL="Next")") == "u");
    CHECK(find_next_link("<u>; Rel=NEXT") == "u");
}

TEST_CASE(
    "ocpi/protocol/link_header: next may be one of several links and one of several relations")
{
    CHECK(find_next_link(R"(<first>; rel="first", <second>; rel="next", <third>; rel=last)") ==
          "second");
    CHECK(find_next_link(R"(<u>; rel="last  next prev")") == "u");
    CHECK(find_next_link("<a>; rel=next, <b>; rel=next") == "a");
    CHECK(find_next_link(",, <a>; rel=prev ,,<b>;rel=next,") == "b");
}

TEST_CASE("ocpi/protocol/link_header: a URL and a quoted value may hold commas and semicolons")
{
    CHECK(find_next_link(R"(<a?x=1,2;3>; rel="prev", <b?x=1,2;rel=3>; rel="next")") ==
          "b?x=1,2;rel=3");
    CHECK(find_next_link(R"(<a>; title="x, <b>; rel=next; \", \\"; rel=prev, <c>; rel=next)") ==
          "c");
}

TEST_CASE("ocpi/protocol/link_header: other parameters do not matter, and the first rel counts")
{
    CHECK(find_next_link(R"(<u>; title="t"; flag; type=a/b; rel="next"; x=y)") == "u");
    CHECK(find_next_link("<u>; rel=prev; rel=next") == std::nullopt);
    CHECK(find_next_link(R"(<u>; title*=UTF-8'en'next; rel=next;)") == "u");
}

TEST_CASE("ocpi/protocol/link_header: what is no next link is none")
{
    for (const char* text :
         {"", " ", ",", "<", "<u", "<u>", "u; rel=next", "<u>; rel", "<u>; rel=", "<u>; rel=\"",
          "<u>; rel=nextpage", "<u>; xrel=next", "<u> rel=next", "<u; rel=next", ">; rel=next",
          "<u>; rel=\"nextish\"", "<u>; title=\"; rel=next", "<u>; rel='next'"}) {
        CAPTURE(text);
        CHECK(find_next_link(text) == std::nullopt);
    }
    CHECK(find_next_link("what is this, <u>; rel=next") == "u");
}

TEST_CASE("ocpi/protocol/link_header: hostile text ends quickly and does no harm")
{
    constexpr std::size_t length = 1'000'000;
    for (const char c : {'<', '>', ',', ';', '"', '\\', ' ', '=', 'x'}) {
        CHECK(find_next_link(std::string(length, c)) == std::nullopt);
        CHECK(find_next_link("<u>; rel=\"" + std::string(length, c)) == std::nullopt);
    }
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    constexpr auto alphabet = "<>;,=\"\\ relnxtREL\0\x80\xff"sv;
    std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (int i = 0; i < 40; ++i) text += alphabet[pick(random)];
        const auto found = find_next_link(text);
        if (found) CHECK(text.find(*found) != std::string::npos);
    }
}

}  // namespace link_header_test
