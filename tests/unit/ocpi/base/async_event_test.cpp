#include "ocpi/base/async_event.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <stop_token>
#include <thread>

namespace async_event_test {

using namespace ocpi;
namespace asio = boost::asio;

namespace {

using std::chrono::steady_clock;

asio::awaitable<void> keep_while_waiting(std::shared_ptr<int> kept, async_event& event)
{
    co_await event.wait();
    ++*kept;
}

}  // namespace

TEST_CASE("ocpi/base/async_event: a notification before the wait is kept for one wait")
{
    async_event event;
    event.notify();
    event.notify();
    CHECK(test::run_awaitable(event.wait()));
    CHECK_FALSE(test::run_awaitable(event.wait_until(steady_clock::now())));
}

TEST_CASE("ocpi/base/async_event: a wait ends at its time point")
{
    async_event event;
    CHECK_FALSE(test::run_awaitable(event.wait_until(steady_clock::time_point::min())));
    CHECK_FALSE(test::run_awaitable(event.wait_for(std::chrono::milliseconds(1))));
}

TEST_CASE("ocpi/base/async_event: it wakes all that wait, once")
{
    asio::io_context context;
    async_event event;
    int woken = 0;
    const auto wait = [&]() -> asio::awaitable<void> {
        if (co_await event.wait()) ++woken;
    };
    for (int i = 0; i < 3; ++i) asio::co_spawn(context, wait(), asio::detached);
    context.poll();
    CHECK(woken == 0);
    event.notify();
    context.run();
    CHECK(woken == 3);
    CHECK_FALSE(test::run_awaitable(event.wait_until(steady_clock::now())));
}

TEST_CASE("ocpi/base/async_event: a requested stop ends a wait, before and while it lasts")
{
    asio::io_context context;
    async_event event;
    std::stop_source stop;
    int ended = 0;
    const auto wait = [&]() -> asio::awaitable<void> {
        CHECK_FALSE(co_await event.wait(stop.get_token()));
        CHECK_FALSE(co_await event.wait(stop.get_token()));
        ++ended;
    };
    asio::co_spawn(context, wait(), asio::detached);
    context.poll();
    CHECK(ended == 0);
    stop.request_stop();
    context.run();
    CHECK(ended == 1);
}

TEST_CASE("ocpi/base/async_event: threads that notify each other lose no notification")
{
    asio::thread_pool threads(4);
    async_event ball;
    async_event answer;
    constexpr int rounds = 5000;
    const auto play = [](async_event& from, async_event& to) -> asio::awaitable<void> {
        for (int i = 0; i < rounds; ++i) {
            co_await from.wait();
            to.notify();
        }
    };
    auto one = asio::co_spawn(threads, play(ball, answer), asio::use_future);
    auto other = asio::co_spawn(threads, play(answer, ball), asio::use_future);
    ball.notify();
    one.get();
    other.get();
}

TEST_CASE("ocpi/base/async_event: stops and notifications may come from any thread at once")
{
    asio::thread_pool threads(4);
    for (int round = 0; round < 300; ++round) {
        async_event event;
        std::stop_source stop;
        const auto wait = [&]() -> asio::awaitable<void> {
            while (!stop.stop_requested()) co_await event.wait(stop.get_token());
        };
        auto waiting = asio::co_spawn(threads, wait(), asio::use_future);
        std::jthread notifier([&event] {
            for (int i = 0; i < 10; ++i) event.notify();
        });
        stop.request_stop();
        waiting.get();
    }
}

TEST_CASE("ocpi/base/async_event: a context that ends first takes the waiting coroutine along")
{
    async_event event;
    const auto kept = std::make_shared<int>(0);
    {
        asio::io_context context;
        asio::co_spawn(context, keep_while_waiting(kept, event), asio::detached);
        context.poll();
        CHECK(kept.use_count() == 2);
    }
    CHECK(kept.use_count() == 1);
    event.notify();
    CHECK(*kept == 0);
}

}  // namespace async_event_test
