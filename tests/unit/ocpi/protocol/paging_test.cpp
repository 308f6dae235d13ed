#include "ocpi/protocol/paging.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace paging_test {

using namespace ocpi;
using protocol::page_limits;

namespace {

struct query {
    std::optional<std::string> date_from, date_to, offset, limit;
};

result<protocol::page_request> read(const query& sent, bool tolerant = false,
                                    page_limits limits = {})
{
    const auto pointer = [](const std::optional<std::string>& text) {
        return text ? &*text : nullptr;
    };
    protocol::page_parameters parameters;
    parameters.date_from = pointer(sent.date_from);
    parameters.date_to = pointer(sent.date_to);
    parameters.offset = pointer(sent.offset);
    parameters.limit = pointer(sent.limit);
    return protocol::read_page_request(parameters, limits, tolerant);
}

std::string problem(const query& sent)
{
    const auto outcome = read(sent);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

}  // namespace

TEST_CASE("ocpi/protocol/paging: without parameters it is the first page, of the default size")
{
    const auto request = *read({});
    CHECK_FALSE(request.date_from);
    CHECK_FALSE(request.date_to);
    CHECK(request.offset == 0);
    CHECK(request.limit == 50);
    page_limits narrow;
    narrow.max_limit = 20;
    CHECK(read({}, false, narrow)->limit == 20);
}

TEST_CASE("ocpi/protocol/paging: a limit is lowered to what the server allows, never raised")
{
    query sent;
    for (const auto& [text, limit] :
         {std::pair("1", 1), std::pair("007", 7), std::pair("1000", 1000), std::pair("1001", 1000),
          std::pair("99999999999999999999999999", 1000)}) {
        sent.limit = text;
        CAPTURE(text);
        CHECK(read(sent)->limit == static_cast<std::uint64_t>(limit));
    }
}

TEST_CASE("ocpi/protocol/paging: an offset of any length is a number that can be counted with")
{
    query sent;
    sent.offset = "150";
    CHECK(read(sent)->offset == 150);
    for (const char* huge : {"9223372036854775807", "9223372036854775808", "18446744073709551615",
                             "18446744073709551616", "999999999999999999999999999"}) {
        sent.offset = huge;
        CHECK(read(sent)->offset == 9'223'372'036'854'775'807U);
    }
}

TEST_CASE("ocpi/protocol/paging: what is no whole number is named")
{
    for (const char* text : {"", "-1", "+1", "1.0", "1e3", "0x1", " 1", "1 ", "x"}) {
        CAPTURE(text);
        query sent;
        sent.offset = text;
        CHECK(problem(sent) == "offset must be a whole number of at least 0");
        sent.offset.reset();
        sent.limit = text;
        CHECK(problem(sent) == "limit must be a whole number of at least 1");
    }
    query none;
    none.limit = "0";
    CHECK(problem(none) == "limit must be a whole number of at least 1");
}

TEST_CASE("ocpi/protocol/paging: the bounds are DateTimes in UTC")
{
    query sent;
    sent.date_from = "2024-01-01T10:00:00";
    sent.date_to = "2024-01-01T10:00:00.5Z";
    CHECK(read(sent)->date_from->milliseconds() == 1'704'103'200'000);
    CHECK(read(sent)->date_to->milliseconds() == 1'704'103'200'500);

    sent.date_from = "2024-01-01T12:00:00+02:00";
    CHECK(problem(sent) == "date_from must be a DateTime in UTC such as 2024-01-01T00:00:00Z");
    const auto tolerated = *read(sent, true);
    CHECK(tolerated.date_from->milliseconds() == 1'704'103'200'000);
    CHECK(tolerated.tolerated == std::vector<std::string>{"date_from converted to UTC"});

    sent.date_from = "2024-01-01 10:00:00Z";
    CHECK(problem(sent) == "date_from must be a DateTime in UTC such as 2024-01-01T00:00:00Z");
    const auto blank = *read(sent, true);
    CHECK(blank.date_from->milliseconds() == 1'704'103'200'000);
    CHECK(blank.tolerated == std::vector<std::string>{"date_from written with T for the blank"});
}

TEST_CASE("ocpi/protocol/paging: every bad parameter is named at once")
{
    query sent;
    sent.date_from = "";
    sent.date_to = "yesterday";
    sent.offset = "-5";
    sent.limit = "";
    CHECK(problem(sent) ==
          "date_from must be a DateTime in UTC such as 2024-01-01T00:00:00Z; "
          "date_to must be a DateTime in UTC such as 2024-01-01T00:00:00Z; "
          "offset must be a whole number of at least 0; "
          "limit must be a whole number of at least 1");
}

}  // namespace paging_test
