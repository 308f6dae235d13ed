#include "modules/status/status_filter.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace status_filter_test {

using namespace ocpi;
using namespace ocpi::status;

namespace {

result<status_filter> read(const std::string& query)
{
    const http::request request;
    const auto target = http::parse_target("/v1/statuses?" + query);
    REQUIRE(target.has_value());
    auth::principal caller;
    caller.kind = auth::caller_kind::driver;
    caller.contracts = {ci_string("de-emp-1")};
    const std::vector<std::string> parameters;
    const protocol::routing routing;
    const http::call call{request, *target, caller, parameters, routing, date_time()};
    return read_status_filter(call);
}

date_time instant(const std::string& text)
{
    return parse_date_time(text)->value;
}

std::string bounds(const std::string& query)
{
    const auto filter = read(query);
    REQUIRE(filter.has_value());
    return (filter->from ? to_string(*filter->from) : "-") + " " +
           (filter->to ? to_string(*filter->to) : "-");
}

}  // namespace

TEST_CASE("modules/status/status_filter: instants, and days of a time zone of which both count")
{
    CHECK(bounds("") == "- -");
    CHECK(bounds("from=2026-06-01T10:00:00Z&to=2026-06-01T11:00:00.500Z") ==
          "2026-06-01T10:00:00Z 2026-06-01T11:00:00.500Z");
    CHECK(bounds("from=2026-06-01&to=2026-06-01") == "2026-06-01T00:00:00Z 2026-06-02T00:00:00Z");
    CHECK(bounds("from=2026-03-29&to=2026-03-29&timezone=Europe/Madrid") ==
          "2026-03-28T23:00:00Z 2026-03-29T22:00:00Z");
    CHECK(bounds("timezone=Asia/Kathmandu&to=2026-12-31") == "- 2026-12-31T18:15:00Z");
    for (const char* bad : {"from=", "from=2026-13-01", "from=2026-6-1", "to=2026-02-29",
                            "to=20260101", "from=-026-01-01", "from=2026-06-01&from=2026-06-01",
                            "timezone=", "timezone=Nowhere", "state=", "state=LIVE"}) {
        CAPTURE(bad);
        CHECK(read(bad).error().code() == errc::malformed_http);
    }
}

TEST_CASE("modules/status/status_filter: a state is categories, each with its range")
{
    const auto now = instant("2026-06-01T12:00:00Z");
    const auto wanted = [&](const std::string& query) {
        const auto filter = search_filter_of(*read(query), now);
        std::string text;
        for (const auto& each : filter.ranges) {
            text += each.category + (each.to ? "<" + to_string(*each.to) : "") + " ";
        }
        return text;
    };
    CHECK(wanted("") == "live awaiting completed pending invalid ");
    CHECK(wanted("state=live") == "live ");
    CHECK(wanted("state=attention") == "live<2026-06-01T11:30:00.001Z awaiting ");
    CHECK(wanted("state=attention&to=2026-06-01T11:00:00Z") ==
          "live<2026-06-01T11:00:00Z awaiting<2026-06-01T11:00:00Z ");
    const auto filter = search_filter_of(*read("q=l%C3%B6c%201"), now);
    CHECK(filter.text ==
          "L\xc3\xb6"
          "C 1");
    CHECK(filter.contracts->front().str() == "DEEMP1");
}

TEST_CASE("modules/status/status_filter: a day begins at its midnight, wherever clocks are shifted")
{
    const auto madrid = *time_zone::find("Europe/Madrid");
    const auto now = instant("2026-03-29T22:30:00Z");
    CHECK(to_string(begin_of_day(madrid, now)) == "2026-03-29T22:00:00Z");
    CHECK(to_string(begin_of_day(madrid, now, -1)) == "2026-03-28T23:00:00Z");
    CHECK(to_string(begin_of_day(madrid, now, 1)) == "2026-03-30T22:00:00Z");
}

}  // namespace status_filter_test
