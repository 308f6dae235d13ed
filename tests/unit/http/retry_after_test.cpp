#include "http/retry_after.hpp"

#include <doctest/doctest.h>

namespace retry_after_test {

using namespace ocpi;
using std::chrono::seconds;

namespace {

const date_time now = parse_date_time("2026-06-01T12:00:00Z").value().value;

std::optional<seconds> read(const char* retry_after, const char* date = nullptr)
{
    http::headers answer;
    answer.add("retry-after", retry_after);
    if (date) answer.add("Date", date);
    return http::find_retry_after(answer, now);
}

}  // namespace

TEST_CASE("http/retry_after: seconds are taken as they are, up to an hour")
{
    CHECK(read("1") == seconds(1));
    CHECK(read("120") == seconds(120));
    CHECK(read("3600") == seconds(3600));
    CHECK(read("3601") == seconds(3600));
    CHECK(read("99999999999999999999999999") == seconds(3600));
}

TEST_CASE("http/retry_after: a date counts from the answer's Date, else from now")
{
    CHECK(read("Mon, 01 Jun 2026 12:00:30 GMT") == seconds(30));
    CHECK(read("Mon, 01 Jun 2026 08:00:30 GMT", "Mon, 01 Jun 2026 08:00:00 GMT") == seconds(30));
    CHECK(read("Mon, 01 Jun 2026 12:00:30 GMT", "yesterday") == seconds(30));
    CHECK(read("Tue, 02 Jun 2026 12:00:00 GMT") == seconds(3600));
}

TEST_CASE("http/retry_after: none, an unreadable one and one in the past ask for no pause")
{
    CHECK_FALSE(http::find_retry_after(http::headers(), now).has_value());
    for (const char* text :
         {"", "0", "-5", "1.5", "soon", "5 s", "Mon, 01 Jun 2026 11:59:00 GMT"}) {
        CAPTURE(text);
        CHECK_FALSE(read(text).has_value());
    }
}

}  // namespace retry_after_test
