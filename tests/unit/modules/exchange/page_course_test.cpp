#include "modules/exchange/page_course.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>

namespace page_course_test {

using namespace ocpi;
using namespace ocpi::exchange;

namespace {

const std::string list_at = "https://cpo.example/s?date_from=2024-06-01T00:00:00Z";

list_request list_of(std::uint64_t limit = 100)
{
    list_request list;
    list.url = list_at;
    list.limit = limit;
    list.filters = {"date_from"};
    return list;
}

page_facts page(std::size_t fresh, std::optional<std::uint64_t> total = {},
                std::optional<std::string> link = {})
{
    page_facts facts;
    facts.objects = fresh;
    facts.fresh = fresh;
    facts.total = total;
    facts.link = std::move(link);
    return facts;
}

/// That many objects, all of which have come before.
page_facts repeated(std::size_t objects, std::optional<std::string> link = {})
{
    page_facts facts;
    facts.objects = objects;
    facts.link = std::move(link);
    return facts;
}

std::string offset_url(int offset, int limit = 100)
{
    return list_at + "&offset=" + std::to_string(offset) + "&limit=" + std::to_string(limit);
}

std::string filtered_link(int offset)
{
    return list_at + "&offset=" + std::to_string(offset);
}

/// What a person is told; empty: nothing.
std::string remarks_of(page_course& course)
{
    std::string all;
    for (const auto& each : course.take_remarks()) all += each.text + '\n';
    return all;
}

}  // namespace

TEST_CASE("modules/exchange/page_course: it begins with the list and its limit, and follows links")
{
    page_course course(list_of(50), {});
    CHECK(course.url() == list_at + "&limit=50");
    REQUIRE(course.take(page(50, 120, filtered_link(50))).has_value());
    CHECK(course.url() == filtered_link(50));
    REQUIRE(course.take(page(50, 120, "/x?cursor=abc")).has_value());
    CHECK(course.url() == "https://cpo.example/x?cursor=abc");
    CHECK_FALSE(course.is_over());
    REQUIRE(course.take(page(20, 120)).has_value());
    CHECK(course.is_over());
    CHECK_FALSE(course.is_doubtful());
    CHECK(remarks_of(course).empty());
}

TEST_CASE("modules/exchange/page_course: without a total a page without a link is the last")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100)).has_value());
    CHECK(course.is_over());
    CHECK(remarks_of(course).empty());
}

TEST_CASE("modules/exchange/page_course: the first page's total counts, not those of later ones")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 150, filtered_link(100))).has_value());
    REQUIRE(course.take(page(50, 200)).has_value());
    CHECK(course.is_over());
    page_course without(list_of(), {});
    REQUIRE(without.take(page(100, {}, filtered_link(100))).has_value());
    REQUIRE(without.take(page(50, 999)).has_value());
    CHECK(without.is_over());
}

TEST_CASE("modules/exchange/page_course: a link that is lost on any page is made up for by offsets")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 250, filtered_link(100))).has_value());
    REQUIRE(course.take(page(100, 250)).has_value());
    CHECK(course.url() == offset_url(200));
    CHECK(remarks_of(course).find("sends no link to the next page after 200 of 250 objects") !=
          std::string::npos);
    // From here on links are not looked at: this list is known to lose them.
    REQUIRE(course.take(page(30, 250, "https://cpo.example/elsewhere")).has_value());
    CHECK(course.url() == offset_url(230));
    REQUIRE(course.take(page(20, 250, "https://cpo.example/elsewhere")).has_value());
    CHECK(course.is_over());
    CHECK_FALSE(course.is_doubtful());
    CHECK(remarks_of(course).empty());
}

TEST_CASE("modules/exchange/page_course: an X-Limit is asked for if it can be one of this page")
{
    const auto limit_after = [](std::optional<std::uint64_t> said, std::size_t objects) {
        page_course course(list_of(), {});
        auto first = page(objects, 250);
        first.limit = said;
        REQUIRE(course.take(first).has_value());
        return course.url().substr(course.url().rfind('=') + 1);
    };
    CHECK(limit_after(50, 50) == "50");
    CHECK(limit_after(102, 102) == "102");
    CHECK(limit_after(1000, 100) == "100");
    CHECK(limit_after(0, 100) == "100");
    CHECK(limit_after({}, 100) == "100");
}

TEST_CASE(
    "modules/exchange/page_course: the offset counts all that came, but not pages that only repeat")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 250, filtered_link(0))).has_value());
    REQUIRE(course.take(repeated(100, filtered_link(1))).has_value());
    auto shifted = page(60, 250);
    shifted.objects = 100;
    shifted.nameless = 10;
    REQUIRE(course.take(shifted).has_value());
    CHECK(course.url() == offset_url(200));
}

TEST_CASE(
    "modules/exchange/page_course: a circle, no URL and a lost filter are ways that links get lost")
{
    for (const std::string& link : {list_at + "&limit=100", std::string("ftp://cpo.example/s"),
                                    std::string("https://cpo.example/s?offset=100&limit=100")}) {
        CAPTURE(link);
        page_course course(list_of(), {});
        REQUIRE(course.take(page(100, 250, link)).has_value());
        CHECK(course.url() == offset_url(100));
        CHECK(remarks_of(course).find("asked for by offset") != std::string::npos);
    }
}

TEST_CASE(
    "modules/exchange/page_course: a link without the filter is followed where that loses nothing")
{
    const std::string bare = "https://cpo.example/s?offset=100";
    page_course without_total(list_of(), {});
    REQUIRE(without_total.take(page(100, {}, bare)).has_value());
    CHECK(without_total.url() == bare);
    auto from_the_beginning = list_of();
    from_the_beginning.filters.clear();
    page_course unfiltered(from_the_beginning, {});
    REQUIRE(unfiltered.take(page(100, 250, bare)).has_value());
    CHECK(unfiltered.url() == bare);
}

TEST_CASE("modules/exchange/page_course: a bad link after all of the total's objects ends the list")
{
    for (const std::string& link : {list_at + "&limit=100", std::string("ftp://cpo.example/s")}) {
        CAPTURE(link);
        page_course course(list_of(), {});
        REQUIRE(course.take(page(50, 50, link)).has_value());
        CHECK(course.is_over());
        CHECK(remarks_of(course).find("after 50 of 50 objects; that is taken for all") !=
              std::string::npos);
    }
}

TEST_CASE("modules/exchange/page_course: without a total a bad link is a failure")
{
    page_course circle(list_of(), {});
    CHECK(circle.take(page(100, {}, list_at + "&limit=100")).error().text() ==
          "links its pages in a circle");
    page_course no_url(list_of(), {});
    CHECK(no_url.take(page(100, {}, "ftp://cpo.example/s")).error().code() ==
          errc::partner_failure);
}

TEST_CASE(
    "modules/exchange/page_course: a page that a link leads to and that cannot be had is passed "
    "over")
{
    page_course course(list_of(), {});
    CHECK_FALSE(course.take_dead_end("HTTP 404"));
    REQUIRE(course.take(page(100, 250, filtered_link(100))).has_value());
    REQUIRE(course.take_dead_end("HTTP 404"));
    CHECK(course.url() == offset_url(100));
    CHECK_FALSE(course.take_dead_end("HTTP 404"));
    page_course behind_the_end(list_of(), {});
    REQUIRE(behind_the_end.take(page(100, 100, filtered_link(100))).has_value());
    CHECK(behind_the_end.take_dead_end("HTTP 404"));
    CHECK(behind_the_end.is_over());
    page_course without_total(list_of(), {});
    REQUIRE(without_total.take(page(100, {}, filtered_link(100))).has_value());
    CHECK_FALSE(without_total.take_dead_end("HTTP 404"));
}

TEST_CASE(
    "modules/exchange/page_course: an offset that brings an empty page leaves the list incomplete")
{
    for (const auto& empty : {page(0, 250), page(0, {}), page(0, 101)}) {
        page_course course(list_of(), {});
        REQUIRE(course.take(page(100, 250)).has_value());
        const auto failed = course.take(empty);
        REQUIRE(failed.has_error());
        CHECK(failed.error().text() ==
              "ends its list after 100 of 250 objects: there is no link to the others, and an "
              "offset brings none");
    }
}

TEST_CASE(
    "modules/exchange/page_course: an empty page whose total has come says that the list has ended")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 250)).has_value());
    remarks_of(course);
    REQUIRE(course.take(page(0, 100)).has_value());
    CHECK(course.is_over());
    CHECK(course.is_doubtful());
    CHECK(remarks_of(course) == "ends its list after 100 of 250 objects\n");
}

TEST_CASE("modules/exchange/page_course: without links a total that grows is what has to come")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 150)).has_value());
    REQUIRE(course.take(page(100, 250)).has_value());
    CHECK_FALSE(course.is_over());
    CHECK(course.url() == offset_url(200));
    REQUIRE(course.take(page(50, 250)).has_value());
    CHECK(course.is_over());
    CHECK_FALSE(course.is_doubtful());
}

TEST_CASE(
    "modules/exchange/page_course: a list that ended short and has moved should be read again")
{
    page_course shrunk(list_of(), {});
    REQUIRE(shrunk.take(page(100, 250, filtered_link(100))).has_value());
    REQUIRE(shrunk.take(page(100, 200)).has_value());
    CHECK_FALSE(shrunk.is_over());
    REQUIRE(shrunk.take(page(0, 200)).has_value());
    CHECK(shrunk.is_doubtful());
    page_course shifted(list_of(), {});
    REQUIRE(shifted.take(page(100, 200, filtered_link(100))).has_value());
    auto second = page(99, 200);
    second.objects = 100;
    REQUIRE(shifted.take(second).has_value());
    CHECK(shifted.is_over());
    CHECK(shifted.is_doubtful());
    CHECK(remarks_of(shifted).empty());
}

TEST_CASE(
    "modules/exchange/page_course: a list that may shrink is only complete if its total did not "
    "fall")
{
    auto list = list_of();
    list.may_shrink = true;
    page_course course(list, {});
    REQUIRE(course.take(page(100, 250, filtered_link(100))).has_value());
    REQUIRE(course.take(page(100, 200)).has_value());
    CHECK(course.is_over());
    CHECK(course.is_doubtful());
    page_course lost(list, {});
    REQUIRE(lost.take(page(100, 250)).has_value());
    CHECK(lost.url() == offset_url(100));
}

TEST_CASE(
    "modules/exchange/page_course: a list whose first page is empty is over, whatever its total")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(0, 7)).has_value());
    CHECK(course.is_over());
    CHECK(remarks_of(course) == "ends its list after 0 of 7 objects\n");
}

TEST_CASE(
    "modules/exchange/page_course: an offset that brings what has come before leaves it incomplete")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 250)).has_value());
    const auto failed = course.take(repeated(100));
    REQUIRE(failed.has_error());
    CHECK(failed.error().text().find("after 100 of 250 objects") != std::string::npos);
    CHECK_FALSE(course.is_over());
}

TEST_CASE("modules/exchange/page_course: a link to another host is said, and followed here")
{
    page_course course(list_of(), {});
    REQUIRE(course.take(page(100, 250, "http://inner:8080/s?cursor=1")).has_value());
    CHECK(course.url() == "https://cpo.example/s?cursor=1");
    CHECK(remarks_of(course) ==
          "links its pages to http://inner:8080; their paths are asked for where the list is\n");
}

TEST_CASE("modules/exchange/page_course: whatever a platform answers, the course ends")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&random](int highest) {
        return std::uniform_int_distribution<int>(0, highest)(random);
    };
    course_limits limits;
    limits.max_pages = 200;
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        auto list = list_of(10);
        list.may_shrink = pick(1) == 0;
        page_course course(list, limits);
        int pages = 0;
        while (!course.is_over()) {
            REQUIRE(++pages <= 2 * static_cast<int>(limits.max_pages));
            if (pick(9) == 0 && course.take_dead_end("HTTP 404")) continue;
            page_facts facts;
            facts.fresh = static_cast<std::size_t>(pick(3));
            facts.nameless = static_cast<std::size_t>(pick(1));
            facts.objects = facts.fresh + facts.nameless + static_cast<std::size_t>(pick(2));
            if (pick(3) > 0) facts.total = static_cast<std::uint64_t>(pick(100'000));
            if (pick(1) == 0) facts.limit = static_cast<std::uint64_t>(pick(5));
            if (pick(3) > 0) facts.link = filtered_link(pick(10'000));
            if (course.take(facts).has_error()) break;
        }
    }
}

}  // namespace page_course_test
