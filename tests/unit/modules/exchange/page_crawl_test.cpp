#include "modules/exchange/page_crawl.hpp"

#include "tests/unit/modules/exchange/partner_cpo.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace page_crawl_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace ocpi::test;

TEST_CASE(
    "modules/exchange/page_crawl: every page is fetched by the link of the one before, every "
    "session kept")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten), session_at("2", ten)}), link_to(2)));
    p.script.push_back(page_of(array_of({session_at("3", eleven)}), link_to(7)));
    p.script.push_back(page_of(array_of({session_at("4", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 4);
    CHECK(summary->unchanged == 0);
    CHECK(summary->invalid == 0);
    CHECK(summary->pages == 3);
    CHECK_FALSE(summary->total);
    CHECK(p.stored("1") == session_at("1", ten));
    CHECK(p.stored("4") == session_at("4", ten));
    CHECK(p.urls() ==
          std::vector<std::string>{list_url + "?date_from=1970-01-01T00:00:00Z&limit=100",
                                   link_to(2), link_to(7)});
    REQUIRE(p.progress.size() == 3);
    CHECK(p.progress[1].applied == 3);
}

TEST_CASE(
    "modules/exchange/page_crawl: relative links, and links in a list of several, are followed")
{
    pulling p;
    auto first = page_of(array_of({session_at("1", ten)}));
    first.headers.add("link", R"(</x>; rel="prev", <sessions?offset=1>; title="a, b"; REL=Next)");
    p.script.push_back(first);
    p.script.push_back(page_of("[]"));
    REQUIRE(p.pull().has_value());
    CHECK(p.urls().back() == link_to(1));
}

TEST_CASE("modules/exchange/page_crawl: the total may lie, be missing or be no number")
{
    for (const char* total : {"1", "0", "", "many", "-3", "99999999999999999999999"}) {
        CAPTURE(total);
        pulling p;
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2), total));
        p.script.push_back(page_of(array_of({session_at("2", ten)}), {}, total));
        const auto summary = p.pull();
        REQUIRE(summary.has_value());
        CHECK(summary->applied == 2);
        CHECK(summary->pages == 2);
    }
}

TEST_CASE("modules/exchange/page_crawl: links in a circle end the run, and what was applied stays")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    p.script.push_back(page_of(array_of({session_at("2", ten)}), link_to(2)));
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text() == "Cpo links its pages in a circle");
    CHECK(p.stored_count() == 2);
    CHECK(p.http->requests().size() == 2);
}

TEST_CASE("modules/exchange/page_crawl: a link to the very first page is a circle too")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}),
                               list_url + "?date_from=1970-01-01T00:00:00Z&limit=100"));
    CHECK(failure_of(p.pull()).text().find("circle") != std::string::npos);
}

TEST_CASE("modules/exchange/page_crawl: links without end that bring nothing new end the run")
{
    pulling p;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        return page_of(array_of({session_at("1", ten)}), link_to(++asked));
    };
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text().find("nothing new") != std::string::npos);
    CHECK(asked == 4);
    CHECK(p.stored_count() == 1);
}

TEST_CASE(
    "modules/exchange/page_crawl: empty pages that link on, and elements without identity, bring "
    "nothing")
{
    for (const char* data : {"[]", R"([7,{"id":7},{"id":""}])"}) {
        pulling p;
        int asked = 0;
        p.answer = [&](const http::outbound_request&) { return page_of(data, link_to(++asked)); };
        failure_of(p.pull());
        CHECK(asked == 3);
    }
}

TEST_CASE(
    "modules/exchange/page_crawl: a few pages that bring nothing new are borne, if not in a row")
{
    pulling p;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        const auto page = ++asked;
        return page_of(array_of({session_at(std::to_string(page / 3), ten)}),
                       page < 9 ? link_to(page) : "");
    };
    CHECK(p.pull().has_value());
    CHECK(p.stored_count() == 4);
}

TEST_CASE("modules/exchange/page_crawl: a list without end ends at the most pages")
{
    pulling p;
    p.options.crawl.max_pages = 20;
    int asked = 0;
    p.answer = [&asked](const http::outbound_request&) {
        ++asked;
        return page_of(array_of({session_at(std::to_string(asked), ten)}), link_to(asked));
    };
    CHECK(failure_of(p.pull()).text() == "Cpo has more than 20 pages in its list");
    CHECK(p.stored_count() == 20);
}

TEST_CASE(
    "modules/exchange/page_crawl: of a link to another place the path is asked for here, with one "
    "warning")
{
    for (const char* origin :
         {"https://evil.example", "http://cpo.example", "https://cpo.example:8443"}) {
        CAPTURE(origin);
        pulling p;
        const std::string there = std::string(origin) + "/s?offset=";
        p.script.push_back(page_of(array_of({session_at("1", ten)}), there + '1'));
        p.script.push_back(page_of(array_of({session_at("2", ten)}), there + '2'));
        p.script.push_back(page_of(array_of({session_at("3", ten)})));
        REQUIRE(p.pull().has_value());
        CHECK(p.urls()[1] == "https://cpo.example/s?offset=1");
        CHECK(p.urls()[2] == "https://cpo.example/s?offset=2");
        CHECK(p.stored_count() == 3);
        REQUIRE(p.log->entries().size() == 1);
        CHECK(p.log->text().find(origin) != std::string::npos);
    }
}

TEST_CASE(
    "modules/exchange/page_crawl: a link that is no URL ends the run, and no token goes there")
{
    for (const char* link : {"https://cpo.example@evil.example/s", "https://cpo.example\r\n/s"}) {
        CAPTURE(link);
        pulling p;
        p.script.push_back(page_of(array_of({session_at("1", ten)}), link));
        const auto failure = failure_of(p.pull());
        CHECK(failure.code() == errc::partner_failure);
        CHECK(failure.text().find("the-secret") == std::string::npos);
        CHECK(p.http->requests().size() == 1);
        CHECK(p.stored_count() == 1);
    }
}

TEST_CASE("modules/exchange/page_crawl: data that is null or absent is an empty page")
{
    for (const char* data : {"", "null", "[]"}) {
        CAPTURE(data);
        pulling only;
        only.script.push_back(page_of(data, {}, "0"));
        const auto summary = only.pull();
        REQUIRE(summary.has_value());
        CHECK(summary->pages == 1);
        CHECK(summary->done() == 0);
        CHECK(only.log->entries().empty());

        pulling last;
        last.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(1)));
        last.script.push_back(page_of(data));
        CHECK(last.pull()->applied == 1);

        pulling first;
        first.script.push_back(page_of(data, link_to(1)));
        first.script.push_back(page_of(array_of({session_at("1", ten)})));
        CHECK(first.pull()->applied == 1);
    }
}

TEST_CASE("modules/exchange/page_crawl: a byte order mark and a status_code in quotes are borne")
{
    pulling p;
    auto page = page_of(array_of({session_at("1", ten)}));
    page.body = "\xef\xbb\xbf" + page.body;
    const auto code = page.body.find("1000");
    page.body.replace(code, 4, "\"1000\"");
    p.script.push_back(page);
    REQUIRE(p.pull().has_value());
    CHECK(p.stored("1") == session_at("1", ten));
}

TEST_CASE("modules/exchange/page_crawl: an envelope with anything else than a list is an error")
{
    for (const char* data : {"{}", "\"x\"", "7", "false"}) {
        CAPTURE(data);
        pulling p;
        p.script.push_back(page_of(data));
        const auto failure = failure_of(p.pull());
        CHECK(failure.code() == errc::partner_failure);
        CHECK(failure.text().find("wrong envelope") != std::string::npos);
        CHECK(p.http->requests().size() == 1);
    }
}

TEST_CASE("modules/exchange/page_crawl: a page that fails for a moment is asked for again")
{
    pulling p;
    p.script.push_back(error(errc::partner_failure, "no connection"));
    p.script.push_back(refused_answer(502, 3000));
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    http::response broken;
    broken.status = 503;
    broken.body = "<html>";
    p.script.push_back(broken);
    p.script.push_back(refused_answer(200, 3001));
    p.script.push_back(page_of(array_of({session_at("2", ten)})));
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->pages == 2);
    const auto urls = p.urls();
    CHECK(std::count(urls.begin(), urls.end(), link_to(2)) == 3);
}

TEST_CASE("modules/exchange/page_crawl: a page that goes on failing ends the run")
{
    pulling p;
    p.script.push_back(page_of(array_of({session_at("1", ten)}), link_to(2)));
    for (int i = 0; i < 5; ++i) p.script.push_back(refused_answer(500, 3000));
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text().find("HTTP 500, status code 3000") != std::string::npos);
    CHECK(p.http->requests().size() == 4);
    CHECK(p.stored_count() == 1);
}

TEST_CASE("modules/exchange/page_crawl: a refusal is not asked for again")
{
    for (const auto& [http_status, status_code] : {std::pair(404, 2000), std::pair(200, 2001)}) {
        pulling p;
        p.script.push_back(refused_answer(http_status, status_code));
        failure_of(p.pull());
        CHECK(p.http->requests().size() == 1);
    }
}

namespace {

/// What a list of that many sessions answers to the page that is asked for by offset and limit.
struct offset_list {
    int size = 0;
    int limit = 100;
    std::string total;
    /// Of the page at that offset; empty: none.
    std::function<std::string(int offset, int next)> link = [](int, int) { return ""; };

    static int parameter(const std::string& url, const std::string& name, int otherwise)
    {
        const auto found = url.find(name + '=');
        return found == std::string::npos ? otherwise
                                          : std::atoi(url.c_str() + found + name.size() + 1);
    }

    http::response operator()(const http::outbound_request& request) const
    {
        const int offset = parameter(request.url, "offset", 0);
        const int end = std::min(size, offset + limit);
        std::vector<std::string> objects;
        for (int i = offset; i < end; ++i) objects.push_back(session_at(std::to_string(i), ten));
        auto page = page_of(array_of(objects), link(offset, end), total);
        page.headers.add("X-Limit", std::to_string(limit));
        return page;
    }
};

}  // namespace

TEST_CASE(
    "modules/exchange/page_crawl: where the link is lost, the rest of the total is asked for by "
    "offset")
{
    pulling p;
    offset_list list;
    list.size = 250;
    list.limit = 102;
    list.total = "250";
    p.answer = list;
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 250);
    CHECK(summary->pages == 3);
    const std::string filtered = list_url + "?date_from=1970-01-01T00:00:00Z";
    CHECK(p.urls() == std::vector<std::string>{filtered + "&limit=100",
                                               filtered + "&offset=102&limit=102",
                                               filtered + "&offset=204&limit=102"});
    REQUIRE(p.log->entries().size() == 1);
    CHECK(p.log->text() ==
          "pull from Cpo: it sends no link to the next page after 102 of 250 objects; the others "
          "are asked for by offset\n");
}

TEST_CASE("modules/exchange/page_crawl: links that lead in a circle or nowhere are lost ones")
{
    const std::function<std::string(int, int)> links[] = {
        [](int, int) { return list_url + "?date_from=1970-01-01T00:00:00Z&limit=100"; },
        [](int offset, int) { return link_to(offset); },
        [](int, int) { return std::string("https://user@cpo.example/x"); },
        [](int, int end) { return "https://cpo.example/gone?offset=" + std::to_string(end); },
        [](int, int) { return list_url + "?page=1"; },
    };
    for (const auto& link : links) {
        pulling p;
        offset_list list;
        list.size = 5;
        list.limit = 2;
        list.total = "5";
        list.link = link;
        p.answer = [&list](const http::outbound_request& request) {
            if (request.url.find("/gone") != std::string::npos) return refused_answer(404, 2000);
            return list(request);
        };
        const auto summary = p.pull();
        REQUIRE(summary.has_value());
        CHECK(summary->applied == 5);
        CHECK(p.log->entries().size() == 1);
    }
}

TEST_CASE("modules/exchange/page_crawl: without an offset that works the run is not complete")
{
    pulling p;
    p.answer = [](const http::outbound_request&) {
        return page_of(array_of({session_at("1", ten), session_at("2", ten)}), {}, "250");
    };
    const auto failure = failure_of(p.pull());
    CHECK(failure.code() == errc::partner_failure);
    CHECK(failure.text().find("after 2 of 250 objects") != std::string::npos);
    CHECK(p.http->requests().size() == 2);
    CHECK(p.stored_count() == 2);
}

TEST_CASE(
    "modules/exchange/page_crawl: a total that nothing bears out ends the run, which is incomplete")
{
    pulling p;
    offset_list list;
    list.size = 2;
    list.total = "999999";
    p.answer = list;
    const auto failure = failure_of(p.pull());
    CHECK(failure.text().find("ends its list after 2 of 999999 objects") != std::string::npos);
    CHECK(p.http->requests().size() == 2);
    CHECK(p.stored_count() == 2);
}

TEST_CASE("modules/exchange/page_crawl: objects that cannot be read count for the offset")
{
    pulling p;
    p.answer = [](const http::outbound_request& request) {
        if (request.url.find("offset=4") != std::string::npos) {
            return page_of(array_of({session_at("9", ten)}), {}, "5");
        }
        return page_of(array_of({session_at("1", ten), "{}", "tru", R"({"id":"x","id":"x"})"}), {},
                       "5");
    };
    const auto summary = p.pull();
    REQUIRE(summary.has_value());
    CHECK(summary->applied == 2);
    CHECK(summary->invalid == 3);
}

TEST_CASE(
    "modules/exchange/page_crawl: an answer that asks for a short pause is asked for again after "
    "it")
{
    pulling p;
    auto busy = refused_answer(429, 2000);
    busy.headers.add("Retry-After", "20");
    p.script = {busy, busy, page_of(array_of({session_at("1", ten)}))};
    REQUIRE(p.pull().has_value());
    CHECK(p.pauses == std::vector<std::chrono::milliseconds>(2, std::chrono::seconds(20)));
    REQUIRE(p.log->entries().size() == 1);
    CHECK(p.log->text().find("asks for a pause of 20 s") != std::string::npos);
}

TEST_CASE(
    "modules/exchange/page_crawl: an answer that asks for a long pause ends the run, and says so")
{
    pulling p;
    auto busy = refused_answer(503, 3000);
    busy.headers.add("Retry-After", "600");
    p.script.push_back(busy);
    const auto pulls = p.make_puller();
    const auto failure = failure_of(run_awaitable(pulls->pull(p.cpo, {}, {})));
    CHECK(failure.text().find("asks not to be called for 600 s") != std::string::npos);
    CHECK(p.pauses.empty());
    const auto left = pulls->find_pause("CPO");
    REQUIRE(left);
    CHECK(*left > std::chrono::seconds(500));
    CHECK_FALSE(pulls->find_pause("another"));
}

}  // namespace page_crawl_test
