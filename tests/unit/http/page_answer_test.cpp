#include "http/page_answer.hpp"

#include "ocpi/protocol/envelope.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace page_answer_test {

using namespace ocpi;

namespace {

/// A request for a list, as a handler has it before it.
struct listing {
    http::request request;
    http::target target;
    auth::principal caller;
    std::vector<std::string> parameters;
    protocol::routing routing;

    explicit listing(const char* text) : target(*http::parse_target(text)) {}
    http::call call() const { return {request, target, caller, parameters, routing, date_time()}; }
};

const std::string* link_of(const http::answer& answered)
{
    return answered.headers.find("Link");
}

}  // namespace

TEST_CASE("http/page_answer: a parameter sent twice is refused, an unknown one is none of ours")
{
    for (const char* name : {"date_from", "date_to", "offset", "limit"}) {
        const listing twice((std::string("/l?") + name + "=1&x=1&" + name + "=1").c_str());
        const auto outcome = http::read_page_request(twice.call(), {}, false);
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == errc::invalid);
        CHECK(outcome.error().text() == std::string(name) + " may be given once only");
    }
    const listing fine("/l?x=1&x=2&offset=3&limit=7");
    CHECK(http::read_page_request(fine.call(), {}, false)->offset == 3);
    CHECK(http::read_page_request(fine.call(), {}, false)->limit == 7);
}

TEST_CASE("http/page_answer: the part of a list that is asked for")
{
    const listing sent(
        "/l?date_from=2024-01-01T00:00:00Z&date_to=2024-01-02T00:00:00Z&offset=3&limit=7");
    crud::list_query list;
    list.owners.emplace();
    const auto part = http::part_of(list, *http::read_page_request(sent.call(), {}, false));
    CHECK(part.owners);
    CHECK(to_string(part.date_from.value()) == "2024-01-01T00:00:00Z");
    CHECK(to_string(part.date_to.value()) == "2024-01-02T00:00:00Z");
    CHECK(part.offset == 3);
    CHECK(part.limit == 7);
}

TEST_CASE("http/page_answer: the next page's link keeps the filters as they were sent")
{
    const listing sent("/l?offset=10&date_from=2024-01-01T00:00:00Z&limit=2&x=%41+b");
    const auto request = *http::read_page_request(sent.call(), {}, false);
    crud::page page;
    page.records.resize(2);
    page.records[0].document.json = R"({"kwh":1.00})";
    page.records[1].document.json = "{}";
    page.total = 13;
    page.is_last_page = false;
    const auto answered = http::make_page_answer(sent.call(), request, "https://host/l", page);
    CHECK(answered.data == R"([{"kwh":1.00},{}])");
    CHECK(*answered.headers.find("X-Total-Count") == "13");
    CHECK(*answered.headers.find("X-Limit") == "2");
    REQUIRE(link_of(answered));
    CHECK(*link_of(answered) ==
          "<https://host/l?date_from=2024-01-01T00:00:00Z&x=%41+b&"
          "offset=12&limit=2>; rel=\"next\"");
    CHECK(answered.message.empty());
}

TEST_CASE("http/page_answer: the last page has no link, and past it there is an empty list")
{
    const listing sent("/l?offset=99");
    const auto request = *http::read_page_request(sent.call(), {}, false);
    crud::page page;
    page.total = 3;
    const auto answered = http::make_page_answer(sent.call(), request, "https://host/l", page);
    CHECK(answered.data == "[]");
    CHECK(link_of(answered) == nullptr);
    CHECK(*answered.headers.find("X-Total-Count") == "3");
    CHECK(*answered.headers.find("X-Limit") == "50");
}

TEST_CASE("http/page_answer: what was tolerated is said")
{
    const listing sent(
        "/l?date_from=2024-01-01T02:00:00%2B02:00&date_to=2024-01-02T02:00:00%2B02:00");
    const auto request = *http::read_page_request(sent.call(), {}, true);
    const auto answered = http::make_page_answer(sent.call(), request, "https://host/l", {});
    CHECK(answered.message == "tolerated: date_from converted to UTC; date_to converted to UTC");
}

TEST_CASE("http/page_answer: a page that was shortened goes on after its last object")
{
    const listing sent("/l?offset=10&limit=7");
    const auto request = *http::read_page_request(sent.call(), {}, false);
    crud::page page;
    page.records.resize(2);
    for (auto& record : page.records) record.document.json = "{}";
    page.total = 20;
    page.is_last_page = false;
    const auto answered = http::make_page_answer(sent.call(), request, "https://host/l", page);
    CHECK(*answered.headers.find("X-Limit") == "7");
    REQUIRE(link_of(answered));
    CHECK(*link_of(answered) == "<https://host/l?offset=12&limit=7>; rel=\"next\"");
}

TEST_CASE("http/page_answer: the text of a page has room for its envelope")
{
    const listing sent("/l");
    crud::page page;
    page.records.resize(2);
    for (auto& record : page.records) record.document.json = std::string(10'000, ' ') + "{}";
    const auto request = *http::read_page_request(sent.call(), {}, false);
    auto answered = http::make_page_answer(sent.call(), request, "https://host/l", page);
    const auto* const place = answered.data.data();
    const auto text = protocol::write_envelope(protocol::status_code::success, {},
                                               std::move(answered.data), date_time());
    CHECK(text.data() == place);
}

namespace {

/// A list of three objects, and what its store was asked.
struct answered_list {
    http::list_options options;
    std::vector<crud::list_query> asked;
    std::optional<error> failure;

    http::answer answer(const char* target)
    {
        const listing sent(target);
        http::list_source source;
        source.url = "https://host/l";
        source.translate = [](std::string json) { return '"' + json + '"'; };
        source.read = [this](crud::list_query query) { return read(std::move(query)); };
        crud::list_query visible;
        visible.owners = {party("ES", "ABC")};
        return test::run_awaitable(
            http::answer_page(sent.call(), options, std::move(visible), std::move(source)));
    }

private:
    boost::asio::awaitable<result<crud::page>> read(crud::list_query query)
    {
        asked.push_back(std::move(query));
        if (failure) co_return *failure;
        crud::page page;
        for (const char* text : {"a", "b", "c"}) {
            page.records.emplace_back().document.json = std::string(600'000, *text);
        }
        co_return page;
    }
};

}  // namespace

TEST_CASE("http/page_answer: a list is read as the caller asked, translated, and holds a turn")
{
    answered_list list;
    list.options.limits.max_bytes = 77;
    const auto answered = list.answer("/l?offset=3&limit=2");
    REQUIRE(list.asked.size() == 1);
    CHECK(list.asked[0].owners);
    CHECK(list.asked[0].offset == 3);
    CHECK(list.asked[0].limit == 2);
    CHECK(list.asked[0].max_bytes == 77);
    CHECK(answered.data.size() == 3 * 600'002 + 4);
    CHECK(answered.data.starts_with("[\"aaa"));
    CHECK(answered.data.ends_with("ccc\"]"));
    CHECK(answered.held);
}

TEST_CASE("http/page_answer: a caller with too many lists is told so before the store is asked")
{
    answered_list list;
    http::list_limits one;
    one.at_a_time = 1;
    one.waiting = 0;
    list.options.turns = std::make_shared<http::list_turns>(one);
    auto first = list.answer("/l");
    CHECK_FALSE(first.failure);
    const auto second = list.answer("/l");
    REQUIRE(second.failure);
    CHECK(second.failure->code() == errc::overloaded);
    CHECK(list.asked.size() == 1);
    first = http::answer();
    CHECK_FALSE(list.answer("/l").failure);
    list.failure = error(errc::storage, "unwell");
    CHECK(list.answer("/l").failure->code() == errc::storage);
    list.failure.reset();
    CHECK_FALSE(list.answer("/l").failure);
}

}  // namespace page_answer_test
