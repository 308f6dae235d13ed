#include "modules/exchange/partner_health.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

namespace partner_health_test {

using namespace ocpi::exchange;
using namespace std::chrono_literals;
using recovery = partner_health::recovery;

namespace {

const partner_health::clock::time_point start{};
const ocpi::backoff waits{1000ms, 300'000ms};

/// Tries one message, which fails.
void fail_probe(partner_health& health, partner_health::clock::time_point now)
{
    REQUIRE(health.resume(now));
    const bool is_probe = health.begin_message();
    health.end_message(is_probe);
    REQUIRE(health.fail(is_probe, now, std::nullopt));
}

}  // namespace

TEST_CASE("modules/exchange/partner_health: after a failure one message shows how it is")
{
    partner_health health(waits, 1);
    CHECK(health.may_start(7, 8));
    CHECK_FALSE(health.may_start(8, 8));
    CHECK_FALSE(health.begin_message());
    CHECK(health.fail(false, start, std::nullopt));
    CHECK(health.is_paused());
    CHECK_FALSE(health.fail(false, start, std::nullopt));
    CHECK(health.resume_at() <= start + 1s);
    CHECK(health.resume(health.resume_at()));
    CHECK(health.may_start(7, 8));
    CHECK(health.begin_message());
    CHECK_FALSE(health.may_start(7, 8));
    health.end_message(true);
    CHECK(health.succeed(start) == recovery::silent);
    CHECK(health.is_well());
    CHECK(health.succeed(start) == recovery::none);
}

TEST_CASE("modules/exchange/partner_health: nothing is taken off a pause that was asked for")
{
    for (unsigned seed = 0; seed < 200; ++seed) {
        partner_health health(waits, seed);
        CHECK(health.fail(false, start, 120s));
        CHECK(health.resume_at() >= start + 120s);
        CHECK(health.resume_at() <= start + 132s);
        CHECK_FALSE(health.resume(start + 119s));
        // What was on its way before, and news of the partner, do not end it.
        CHECK(health.succeed(start + 1s) == recovery::none);
        health.reconsider();
        CHECK(health.is_paused());
        CHECK_FALSE(health.fail(false, start + 1s, 240s));
        CHECK(health.resume_at() >= start + 241s);
        const auto before = health.resume_at();
        CHECK_FALSE(health.fail(false, start + 2s, 1s));
        CHECK(health.resume_at() == before);
        CHECK(health.resume(before));
    }
}

TEST_CASE("modules/exchange/partner_health: a pause of no length is none that was asked for")
{
    partner_health health(ocpi::backoff{1h, 1h}, 3);
    CHECK(health.fail(false, start, 0s));
    health.reconsider();
    CHECK_FALSE(health.is_paused());
}

TEST_CASE("modules/exchange/partner_health: a partner that comes and goes is logged once a minute")
{
    partner_health health(ocpi::backoff{0ms, 0ms}, 3);
    CHECK(health.fail(false, start, std::nullopt));
    CHECK(health.announce_outage(start) == 0);
    CHECK_FALSE(health.announce_outage(start));
    CHECK(health.succeed(start) == recovery::logged);
    for (int i = 1; i <= 5; ++i) {
        const auto now = start + std::chrono::seconds(i);
        CHECK(health.fail(false, now, std::nullopt));
        CHECK_FALSE(health.announce_outage(now));
        CHECK(health.succeed(now) == recovery::silent);
    }
    // An outage that stays is logged once the minute has passed.
    CHECK(health.fail(false, start + 30s, std::nullopt));
    CHECK_FALSE(health.announce_outage(start + 30s));
    fail_probe(health, start + 61s);
    CHECK(health.announce_outage(start + 61s) == 6);
    CHECK(health.succeed(start + 61s) == recovery::logged);
}

}  // namespace partner_health_test
