#include "ocpi/base/token_bucket.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace token_bucket_test {

using ocpi::token_bucket;
using namespace std::chrono_literals;

namespace {

token_bucket::rate rate_of(std::int64_t count, token_bucket::clock::duration period,
                           std::int64_t burst)
{
    token_bucket::rate rate;
    rate.count = count;
    rate.period = period;
    rate.burst = burst;
    return rate;
}

constexpr token_bucket::clock::time_point start{100h};

}  // namespace

TEST_CASE("ocpi/base/token_bucket: a burst passes at once, and then one for each interval")
{
    token_bucket bucket(rate_of(10, 1s, 3));
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(start) == 0s);
    CHECK(bucket.take(start) == 100ms);
    CHECK(bucket.take(start + 60ms) == 40ms);
    CHECK(bucket.take(start + 100ms) == 0s);
    CHECK(bucket.take(start + 100ms) == 100ms);
}

TEST_CASE("ocpi/base/token_bucket: a refusal takes none, however often it is repeated")
{
    token_bucket bucket(rate_of(1, 1s, 1));
    CHECK(bucket.take(start) == 0s);
    for (int i = 0; i < 1000; ++i) CHECK(bucket.take(start + 500ms) == 500ms);
    CHECK(bucket.take(start + 1s) == 0s);
}

TEST_CASE("ocpi/base/token_bucket: what is not used adds up to the burst and no more")
{
    token_bucket bucket(rate_of(60, 1min, 2));
    CHECK(bucket.take(start) == 0s);
    CHECK(bucket.take(start) == 0s);
    CHECK_FALSE(bucket.is_full(start + 1999ms));
    CHECK(bucket.is_full(start + 2s));
    for (int i = 0; i < 2; ++i) CHECK(bucket.take(start + 24h) == 0s);
    CHECK(bucket.take(start + 24h) == 1s);
}

TEST_CASE("ocpi/base/token_bucket: over a long time the rate is kept, whatever the pattern")
{
    token_bucket bucket(rate_of(7, 1s, 5));
    int taken = 0;
    for (auto now = start; now < start + 100s; now += 13ms) taken += bucket.take(now) == 0s ? 1 : 0;
    CHECK(taken >= 700);
    CHECK(taken <= 700 + 5);
}

TEST_CASE("ocpi/base/token_bucket: the largest numbers that a configuration takes do not overflow")
{
    token_bucket slow(rate_of(1, 1min, 1'000'000));
    for (int i = 0; i < 1'000'000; ++i) REQUIRE(slow.take(start) == 0s);
    CHECK(slow.take(start) == 1min);
    token_bucket fast(rate_of(1'000'000, 1s, 1));
    CHECK(fast.take(start) == 0s);
    CHECK(fast.take(start) == 1us);
}

}  // namespace token_bucket_test
