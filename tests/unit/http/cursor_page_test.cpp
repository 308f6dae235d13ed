#include "http/cursor_page.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cursor_page_test {

using namespace ocpi;
using namespace ocpi::http;

namespace {

result<cursor_request> read(const std::string& query)
{
    const request request;
    const auto target = *parse_target("/l?" + query);
    const auth::principal caller;
    const std::vector<std::string> parameters;
    const protocol::routing routing;
    const call call{request, target, caller, parameters, routing, date_time()};
    return read_cursor_request(call);
}

const std::vector<std::string> five{"a", "b", "c", "d", "e"};

/// `1-3`, of the indexes.
std::string range(const std::string& query)
{
    const auto page = find_page(five, *read(query));
    if (page.has_error()) return page.error().text();
    return std::to_string(page->first) + '-' + std::to_string(page->last);
}

}  // namespace

TEST_CASE("http/cursor_page: without parameters it is the first 50")
{
    const auto wanted = read("");
    REQUIRE(wanted.has_value());
    CHECK_FALSE(wanted->after);
    CHECK_FALSE(wanted->before);
    CHECK(wanted->page_size == 50);
}

TEST_CASE("http/cursor_page: a page size is a number from 1 to 100")
{
    CHECK(read("pageSize=1")->page_size == 1);
    CHECK(read("pageSize=100")->page_size == 100);
    for (const char* bad : {"0", "101", "-1", "5x", "", "1e1", "5.0", "99999999999999999999999"}) {
        const auto outcome = read(std::string("pageSize=") + bad);
        REQUIRE_MESSAGE(outcome.has_error(), bad);
        CHECK(outcome.error().code() == errc::malformed_http);
    }
    CHECK(read("pageSize=5&pageSize=5").has_error());
}

TEST_CASE("http/cursor_page: one cursor, once, and not empty")
{
    CHECK(read("after=x")->after == "x");
    CHECK(read("before=x%2Fy")->before == "x/y");
    for (const char* bad :
         {"after=", "before=", "after=x&before=y", "after=x&after=x", "before=x&before=x"}) {
        const auto outcome = read(bad);
        REQUIRE_MESSAGE(outcome.has_error(), bad);
        CHECK(outcome.error().code() == errc::malformed_http);
    }
    CHECK(read("sort=up&after=x").has_value());
}

TEST_CASE("http/cursor_page: after leads on, before leads back")
{
    CHECK(range("pageSize=2") == "0-2");
    CHECK(range("pageSize=2&after=b") == "2-4");
    CHECK(range("pageSize=2&after=d") == "4-5");
    CHECK(range("pageSize=2&after=e") == "5-5");
    CHECK(range("pageSize=2&before=e") == "2-4");
    CHECK(range("pageSize=2&before=b") == "0-1");
    CHECK(range("pageSize=2&before=a") == "0-0");
    CHECK(range("pageSize=100") == "0-5");
}

TEST_CASE("http/cursor_page: a cursor that names nothing is refused")
{
    CHECK(range("after=x") == "after must be a cursor from an earlier page of this list");
    CHECK(range("before=x") == "before must be a cursor from an earlier page of this list");
    cursor_request wanted;
    wanted.after = "a";
    CHECK(find_page({}, wanted).has_error());
    CHECK(find_page({}, cursor_request())->last == 0);
}

TEST_CASE("http/cursor_page: the answer holds objects and cursors, null where there are none")
{
    cursor_page page;
    CHECK(make_cursor_answer(page).data ==
          R"({"data":[],"pagination":{"before":null,"after":null}})");
    page.objects = {"{}", R"({"a":1})"};
    page.before = "x\"";
    page.after = "y";
    CHECK(make_cursor_answer(page).data ==
          R"({"data":[{},{"a":1}],"pagination":{"before":"x\"","after":"y"}})");
}

}  // namespace cursor_page_test
