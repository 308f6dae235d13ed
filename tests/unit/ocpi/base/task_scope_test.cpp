#include "ocpi/base/task_scope.hpp"

#include "ocpi/base/async_event.hpp"
#include "ocpi/base/pause.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

namespace task_scope_test {

using namespace ocpi;
namespace asio = boost::asio;

namespace {

/// Counts up when it has been stopped.
asio::awaitable<void> wait_for_stop(std::stop_token stop, std::atomic<int>& ended)
{
    async_event never;
    co_await never.wait(stop);
    ++ended;
}

void spawn_many(task_scope::tasks& run, std::atomic<int>& ended)
{
    for (int i = 0; i < 10; ++i) run.spawn(wait_for_stop(run.stop_token(), ended));
}

/// Of a task that does not look at its stop_token.
asio::awaitable<void> pause_long(std::shared_ptr<int> kept)
{
    co_await pause_for(std::chrono::hours(24));
    ++*kept;
}

asio::awaitable<void> end_at_once()
{
    co_return;
}

asio::awaitable<void> fail_with(std::string text)
{
    throw std::runtime_error(text);
    co_return;
}

}  // namespace

TEST_CASE("ocpi/base/task_scope: all tasks stop when asked, and join waits for the last")
{
    asio::thread_pool threads(4);
    task_scope scope;
    for (int round = 1; round <= 200; ++round) {
        std::atomic<int> ended = 0;
        const auto begin = [&ended](task_scope::tasks& run) { spawn_many(run, ended); };
        REQUIRE(scope.start(threads.get_executor(), begin));
        asio::co_spawn(threads, scope.stop(), asio::use_future).get();
        CHECK(ended == 10);
    }
}

TEST_CASE("ocpi/base/task_scope: it starts once at a time, and again after it has stopped")
{
    asio::io_context context;
    task_scope scope;
    std::atomic<int> ended = 0;
    const auto begin = [&ended](task_scope::tasks& run) {
        run.spawn(wait_for_stop(run.stop_token(), ended));
    };
    CHECK(scope.start(context.get_executor(), begin));
    CHECK_FALSE(scope.start(context.get_executor(), begin));
    context.poll();
    scope.cancel();
    context.run();
    CHECK(ended == 1);
    CHECK(scope.start(context.get_executor(), begin));
    scope.cancel();
    context.restart();
    context.run();
    CHECK(ended == 2);
}

TEST_CASE("ocpi/base/task_scope: stopping what never began resumes at once")
{
    task_scope scope;
    test::run_awaitable(scope.stop());
    CHECK(test::run_awaitable(scope.join()));
    CHECK(scope.current() == nullptr);
}

TEST_CASE("ocpi/base/task_scope: a join gives up after its grace period, and start works again")
{
    asio::io_context context;
    task_scope scope;
    const auto kept = std::make_shared<int>(0);
    const auto begin = [&kept](task_scope::tasks& run) { run.spawn(pause_long(kept)); };
    REQUIRE(scope.start(context.get_executor(), begin));
    context.poll();
    scope.cancel();
    CHECK_FALSE(test::run_awaitable(scope.join(std::chrono::milliseconds(1))));
    CHECK(scope.start(context.get_executor(), begin));
    CHECK(*kept == 0);
}

TEST_CASE("ocpi/base/task_scope: a task is cancelled by itself, or with its scope")
{
    asio::io_context context;
    int failures = 0;
    task_scope scope([&failures](const std::exception&) { ++failures; });
    const auto first = std::make_shared<int>(0);
    const auto second = std::make_shared<int>(0);
    std::stop_source end_first;
    std::stop_source end_second;
    std::atomic<int> ended = 0;
    const auto begin = [&](task_scope::tasks& run) {
        run.spawn(pause_long(first), end_first.get_token());
        run.spawn(pause_long(second), end_second.get_token());
        run.spawn(wait_for_stop(run.stop_token(), ended));
    };
    REQUIRE(scope.start(context.get_executor(), begin));
    context.poll();
    end_first.request_stop();
    context.poll();
    CHECK(first.use_count() == 1);
    CHECK(second.use_count() == 2);
    scope.cancel();
    context.run();
    CHECK(second.use_count() == 1);
    CHECK(*first + *second == 0);
    CHECK(failures == 0);
}

TEST_CASE("ocpi/base/task_scope: what a task throws is reported and ends that task alone")
{
    asio::io_context context;
    std::string reported;
    task_scope scope([&reported](const std::exception& thrown) { reported = thrown.what(); });
    std::atomic<int> ended = 0;
    const auto begin = [&ended](task_scope::tasks& run) {
        run.spawn(fail_with("a bug"));
        run.spawn(wait_for_stop(run.stop_token(), ended));
    };
    REQUIRE(scope.start(context.get_executor(), begin));
    context.poll();
    CHECK(reported == "a bug");
    CHECK(ended == 0);
    scope.cancel();
    context.run();
    CHECK(ended == 1);
}

TEST_CASE("ocpi/base/task_scope: after the last task has ended another one is dropped")
{
    asio::io_context context;
    task_scope scope;
    std::shared_ptr<task_scope::tasks> kept;
    const auto begin = [&kept](task_scope::tasks& run) {
        kept = run.shared_from_this();
        run.spawn(end_at_once());
    };
    REQUIRE(scope.start(context.get_executor(), begin));
    context.run();
    bool has_run = false;
    const auto late = [&has_run]() -> asio::awaitable<void> {
        has_run = true;
        co_return;
    };
    kept->spawn(late());
    context.restart();
    context.run();
    CHECK_FALSE(has_run);
    kept.reset();
}

TEST_CASE("ocpi/base/task_scope: neither the owner nor the context waits for the other's end")
{
    const auto kept = std::make_shared<int>(0);
    const auto begin = [&kept](task_scope::tasks& run) { run.spawn(pause_long(kept)); };
    SUBCASE("the context ends first")
    {
        task_scope scope;
        {
            asio::io_context context;
            REQUIRE(scope.start(context.get_executor(), begin));
            context.poll();
            CHECK(kept.use_count() == 2);
        }
        CHECK(kept.use_count() == 1);
        test::run_awaitable(scope.stop());
    }
    SUBCASE("the owner ends first")
    {
        asio::io_context context;
        std::optional<task_scope> scope(std::in_place);
        REQUIRE(scope->start(context.get_executor(), begin));
        context.poll();
        scope.reset();
        context.poll();
        CHECK(kept.use_count() == 2);
    }
    CHECK(*kept == 0);
}

}  // namespace task_scope_test
