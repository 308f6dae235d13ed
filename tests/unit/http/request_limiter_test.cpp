#include "http/request_limiter.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace request_limiter_test {

using namespace ocpi;
using http::request_limiter;
using namespace std::chrono_literals;

namespace {

constexpr request_limiter::clock::time_point start{100h};

auth::principal caller_of(const std::string& token_hash, const std::string& name = "n")
{
    auth::principal caller;
    caller.token_hash = token_hash;
    caller.name = name;
    return caller;
}

std::shared_ptr<request_limiter> limiter_of(std::int64_t per_second, std::int64_t burst,
                                            std::int64_t concurrent = 0)
{
    http::request_limits limits;
    limits.requests_per_second = per_second;
    limits.burst = burst;
    limits.concurrent_requests = concurrent;
    return std::make_shared<request_limiter>(limits);
}

std::shared_ptr<request_limiter> limiter_of_failures(std::int64_t per_minute)
{
    http::request_limits limits;
    limits.failed_per_minute = per_minute;
    limits.trusted_proxies.push_back(*http::address_range::parse("10.0.0.0/8"));
    return std::make_shared<request_limiter>(limits);
}

http::request from(const char* peer, const char* forwarded_for = nullptr)
{
    http::request head;
    head.peer = boost::asio::ip::make_address(peer);
    if (forwarded_for) head.headers.add("X-Forwarded-For", forwarded_for);
    return head;
}

}  // namespace

TEST_CASE("http/request_limiter: without limits every request is admitted")
{
    const auto limiter = limiter_of(0, 0);
    for (int i = 0; i < 1000; ++i) {
        const auto judged = limiter->admit(caller_of("one"), start);
        CHECK_FALSE(judged.refused);
        CHECK_FALSE(judged.turn);
        CHECK_FALSE(limiter->count_failure(from("192.0.2.1"), start));
    }
}

TEST_CASE("http/request_limiter: a token has its rate and its burst, and no token another's")
{
    const auto limiter = limiter_of(2, 3);
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter->admit(caller_of("one"), start).refused);
    const auto refused = limiter->admit(caller_of("one"), start).refused;
    REQUIRE(refused);
    CHECK(refused->because.code() == errc::too_many_requests);
    CHECK(refused->retry_after == 1s);
    CHECK_FALSE(limiter->admit(caller_of("other"), start).refused);
    CHECK_FALSE(limiter->admit(caller_of("one"), start + 500ms).refused);
    CHECK(limiter->admit(caller_of("one"), start + 500ms).refused);
}

TEST_CASE("http/request_limiter: without a burst it is what comes in a second")
{
    const auto limiter = limiter_of(5, 0);
    for (int i = 0; i < 5; ++i) CHECK_FALSE(limiter->admit(caller_of("one"), start).refused);
    CHECK(limiter->admit(caller_of("one"), start).refused);
}

TEST_CASE("http/request_limiter: the operator's log has the caller's name, and never the hash")
{
    const auto limiter = limiter_of(1, 1, 5);
    CHECK_FALSE(limiter->admit(caller_of("5ec4e7", "bec"), start).refused);
    const auto refused = limiter->admit(caller_of("5ec4e7", "bec"), start).refused;
    REQUIRE(refused);
    const auto& because = refused->because;
    CHECK(because.log_text().find("bec") != std::string::npos);
    CHECK((because.text() + because.log_text()).find("5ec4e7") == std::string::npos);
}

TEST_CASE("http/request_limiter: a token has so many requests in progress, until they end")
{
    const auto limiter = limiter_of(0, 0, 2);
    auto first = limiter->admit(caller_of("one"), start);
    auto second = limiter->admit(caller_of("one"), start);
    CHECK(first.turn);
    CHECK(second.turn);
    const auto third = limiter->admit(caller_of("one"), start);
    REQUIRE(third.refused);
    CHECK_FALSE(third.turn);
    CHECK(third.refused->because.code() == errc::too_many_requests);
    CHECK_FALSE(limiter->admit(caller_of("other"), start).refused);
    first.turn.reset();
    auto fourth = limiter->admit(caller_of("one"), start);
    CHECK_FALSE(fourth.refused);
    CHECK(limiter->admit(caller_of("one"), start).refused);
}

TEST_CASE("http/request_limiter: a request that waits in vain for a turn uses none of the rate")
{
    const auto limiter = limiter_of(1, 2, 1);
    auto first = limiter->admit(caller_of("one"), start);
    for (int i = 0; i < 10; ++i) CHECK(limiter->admit(caller_of("one"), start).refused);
    first.turn.reset();
    CHECK_FALSE(limiter->admit(caller_of("one"), start).refused);
}

TEST_CASE("http/request_limiter: turns are counted right however many tokens there are")
{
    const auto limiter = limiter_of(0, 0, 1);
    const auto held = limiter->admit(caller_of("held"), start).turn;
    for (std::size_t i = 0; i < 2 * request_limiter::max_tokens; ++i) {
        CHECK_FALSE(limiter->admit(caller_of(std::to_string(i)), start).refused);
    }
    CHECK(limiter->admit(caller_of("held"), start).refused);
}

TEST_CASE("http/request_limiter: a turn may outlive the object that gave it")
{
    auto limiter = limiter_of(0, 0, 1);
    auto turn = limiter->admit(caller_of("one"), start).turn;
    const std::weak_ptr<request_limiter> known = limiter;
    limiter.reset();
    CHECK_FALSE(known.expired());
    turn.reset();
    CHECK(known.expired());
}

TEST_CASE("http/request_limiter: threads keep count of the requests in progress")
{
    const auto limiter = limiter_of(0, 0, 1'000'000);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&limiter] {
                for (int turn = 0; turn < 5'000; ++turn) {
                    const auto held = limiter->admit(caller_of(std::to_string(turn % 3)));
                    if (held.refused) FAIL("refused");
                }
            });
        }
    }
    const auto strict = limiter_of(0, 0, 1);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(strict->admit(caller_of("one"), start).refused);
}

TEST_CASE("http/request_limiter: an address fails so often a minute, and then it waits")
{
    const auto limiter = limiter_of_failures(3);
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter->count_failure(from("192.0.2.1"), start));
    const auto refused = limiter->count_failure(from("192.0.2.1"), start + 1ms);
    REQUIRE(refused);
    CHECK(refused->because.code() == errc::too_many_requests);
    CHECK(refused->retry_after == 20s);
    CHECK(refused->because.log_text().find("192.0.2.1") != std::string::npos);
    CHECK_FALSE(limiter->count_failure(from("192.0.2.2"), start));
    CHECK_FALSE(limiter->count_failure(from("192.0.2.1"), start + 20s));
    CHECK(limiter->count_failure(from("192.0.2.1"), start + 21s));
}

TEST_CASE("http/request_limiter: the addresses of one IPv6 network fail together")
{
    const auto limiter = limiter_of_failures(1);
    CHECK_FALSE(limiter->count_failure(from("2001:db8:1:2::1"), start));
    CHECK(limiter->count_failure(from("2001:db8:1:2:ffff::1"), start));
    CHECK_FALSE(limiter->count_failure(from("2001:db8:1:3::1"), start));
}

TEST_CASE("http/request_limiter: behind a trusted proxy its clients count, elsewhere the peer")
{
    const auto limiter = limiter_of_failures(1);
    CHECK_FALSE(limiter->count_failure(from("10.0.0.1", "192.0.2.1"), start));
    CHECK(limiter->count_failure(from("10.0.0.2", "192.0.2.1"), start));
    CHECK(limiter->count_failure(from("192.0.2.1"), start));
    CHECK_FALSE(limiter->count_failure(from("10.0.0.1", "192.0.2.2"), start));
    CHECK_FALSE(limiter->count_failure(from("203.0.113.1", "192.0.2.3"), start));
    CHECK(limiter->count_failure(from("203.0.113.1", "192.0.2.4"), start));
}

TEST_CASE("http/request_limiter: a peer that is not known has no limit")
{
    const auto limiter = limiter_of_failures(1);
    for (int i = 0; i < 10; ++i) CHECK_FALSE(limiter->count_failure(http::request(), start));
}

}  // namespace request_limiter_test
