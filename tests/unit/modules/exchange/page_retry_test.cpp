#include "modules/exchange/page_retry.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <random>

namespace page_retry_test {

using namespace ocpi;
using namespace ocpi::exchange;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

result<partners::platform_answer> answer_of(int http_status, int status_code,
                                            std::optional<seconds> retry_after = {})
{
    partners::platform_answer made;
    made.http_status = http_status;
    made.status_code = status_code;
    made.retry_after = retry_after;
    return made;
}

std::optional<page_retry> retry_of(const result<partners::platform_answer>& outcome,
                                   int retries = 0)
{
    std::minstd_rand random(1);
    return find_retry(outcome, retries, {}, random);
}

}  // namespace

TEST_CASE(
    "modules/exchange/page_retry: what may pass is tried again, so many times, after a moment")
{
    const result<partners::platform_answer> unreachable =
        error(errc::partner_failure, "no connection");
    for (int retries : {0, 1}) {
        const auto again = retry_of(unreachable, retries);
        REQUIRE(again);
        CHECK(again->pause >= milliseconds(350) * (retries + 1));
        CHECK(again->pause <= milliseconds(650) * (retries + 1));
        CHECK_FALSE(again->is_asked_for);
        CHECK(retry_of(answer_of(500, 0), retries));
        CHECK(retry_of(answer_of(200, 3001), retries));
    }
    CHECK_FALSE(retry_of(unreachable, 2));
    CHECK_FALSE(retry_of(answer_of(500, 0), 2));
}

TEST_CASE("modules/exchange/page_retry: a refusal is not tried again, and a success is none")
{
    CHECK_FALSE(retry_of(answer_of(401, 2000)));
    CHECK_FALSE(retry_of(answer_of(200, 2001)));
    CHECK_FALSE(retry_of(answer_of(429, 2000)));
    CHECK_FALSE(retry_of(answer_of(401, 2000, seconds(5))));
    CHECK_FALSE(retry_of(answer_of(200, 1000, seconds(5))));
    CHECK_FALSE(find_asked_pause(answer_of(200, 1000, seconds(5))));
}

TEST_CASE("modules/exchange/page_retry: a pause that is asked for is kept as it is, up to a minute")
{
    for (const auto& busy : {answer_of(429, 2000, seconds(60)), answer_of(503, 0, seconds(60)),
                             answer_of(200, 3001, seconds(60))}) {
        const auto again = retry_of(busy);
        REQUIRE(again);
        CHECK(again->is_asked_for);
        CHECK(again->pause == seconds(60));
        CHECK_FALSE(retry_of(busy, 2));
    }
    CHECK_FALSE(retry_of(answer_of(503, 0, seconds(61))));
    CHECK(find_asked_pause(answer_of(503, 0, seconds(61))) == seconds(61));
    CHECK(find_asked_pause(answer_of(401, 2000, seconds(5))) == seconds(5));
}

}  // namespace page_retry_test
