#include "ocpi/base/log_limiter.hpp"

#include <doctest/doctest.h>

namespace log_limiter_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

const log_limiter::clock::time_point start{};

}  // namespace

TEST_CASE("ocpi/base/log_limiter: of one key a message is written once per interval, with a count")
{
    log_limiter limiter(60s);
    CHECK(limiter.admit("full disk", start) == 0u);
    CHECK_FALSE(limiter.admit("full disk", start + 1s).has_value());
    CHECK_FALSE(limiter.admit("full disk", start + 59s).has_value());
    CHECK(limiter.admit("full disk", start + 60s) == 2u);
    CHECK_FALSE(limiter.admit("full disk", start + 61s).has_value());
}

TEST_CASE("ocpi/base/log_limiter: keys do not hold each other's messages back")
{
    log_limiter limiter(60s);
    CHECK(limiter.admit("bec", start) == 0u);
    CHECK(limiter.admit("tnm", start) == 0u);
    CHECK_FALSE(limiter.admit("bec", start).has_value());
}

TEST_CASE("ocpi/base/log_limiter: when the condition is over, the next message is written at once")
{
    log_limiter limiter(60s);
    CHECK(limiter.admit("bec", start) == 0u);
    CHECK_FALSE(limiter.admit("bec", start + 1s).has_value());
    CHECK(limiter.reset("bec") == 1u);
    CHECK(limiter.reset("bec") == 0u);
    CHECK(limiter.admit("bec", start + 2s) == 0u);
}

TEST_CASE("ocpi/base/log_limiter: beyond max_keys the key written longest ago is forgotten")
{
    log_limiter limiter(60s, 2);
    CHECK(limiter.admit("a", start) == 0u);
    CHECK(limiter.admit("b", start + 1s) == 0u);
    CHECK(limiter.admit("c", start + 2s) == 0u);
    CHECK_FALSE(limiter.admit("b", start + 3s).has_value());
    CHECK(limiter.admit("a", start + 3s) == 0u);
}

}  // namespace log_limiter_test
