#include "app/admin/loop_lag.hpp"

#include <doctest/doctest.h>

namespace loop_lag_test {

using ocpi::app::loop_lag;
using namespace std::chrono_literals;

namespace {

const loop_lag::time_point start(1000h);

}  // namespace

TEST_CASE("app/admin/loop_lag: the longest wait counts for 30 seconds")
{
    loop_lag lag;
    CHECK(lag.longest(start) == 0s);
    CHECK(lag.may_send());
    lag.sent(start);
    CHECK_FALSE(lag.may_send());
    lag.came_back(start + 3ms);
    lag.sent(start + 1s);
    lag.came_back(start + 1s + 1ms);
    CHECK(lag.longest(start + 2s) == 3ms);
    CHECK(lag.longest(start + 30s + 3ms) == 3ms);
    CHECK(lag.longest(start + 30s + 4ms) == 1ms);
    CHECK(lag.longest(start + 40s) == 0s);
}

TEST_CASE("app/admin/loop_lag: a probe that does not come back counts while it is away")
{
    loop_lag lag;
    lag.sent(start);
    CHECK(lag.longest(start + 100s) == 100s);
    lag.cancel();
    CHECK(lag.may_send());
    CHECK(lag.longest(start + 100s) == 0s);
    lag.came_back(start + 100s);
    CHECK(lag.longest(start + 100s) == 0s);
}

}  // namespace loop_lag_test
