#include "ocpi/base/completion.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace completion_test {

namespace {

namespace asio = boost::asio;
using ocpi::await_completion;
using ocpi::completion;

/// Counts the living, so that one destroyed twice makes the count negative.
struct counted {
    static inline int alive = 0;

    counted() { ++alive; }
    counted(const counted&) { ++alive; }
    counted(counted&&) noexcept { ++alive; }
    counted& operator=(const counted&) = default;
    counted& operator=(counted&&) = default;
    ~counted() { --alive; }
};

/// A callable with an owner's duties, as a capturing lambda has.
asio::awaitable<std::string> echo(std::string text)
{
    auto start = [text = std::move(text), probe = counted()](completion<std::string> done) {
        done(text);
    };
    co_return co_await await_completion<std::string>(start);
}

}  // namespace

TEST_CASE("ocpi/base/completion: a coroutine resumes with the value it was promised")
{
    CHECK(ocpi::test::run_awaitable(echo("a text too long for the small buffer of a string")) ==
          "a text too long for the small buffer of a string");
}

TEST_CASE(
    "ocpi/base/completion: a named callable and its captures are destroyed once, on any compiler")
{
    counted::alive = 0;
    for (int i = 0; i < 10; ++i) ocpi::test::run_awaitable(echo(std::string(100, 'x')));
    CHECK(counted::alive == 0);
}

TEST_CASE("ocpi/base/completion: a named value moved into a co_await expression is destroyed once")
{
    counted::alive = 0;
    const auto consume = [](counted, std::string text) -> asio::awaitable<std::size_t> {
        co_return text.size();
    };
    const auto outer = [&consume]() -> asio::awaitable<std::size_t> {
        counted named;
        std::string text(100, 'x');
        auto inner = consume(std::move(named), std::move(text));
        co_return co_await std::move(inner);
    };
    CHECK(ocpi::test::run_awaitable(outer()) == 100);
    CHECK(counted::alive == 0);
}

TEST_CASE("ocpi/base/completion: completed by another thread, the coroutine resumes on its own")
{
    asio::io_context context;
    std::thread::id resumed_on;
    std::thread::id completed_on;
    std::jthread worker;
    const auto wait = [&]() -> asio::awaitable<void> {
        auto start = [&](completion<int> done) {
            worker = std::jthread([&completed_on, done = std::move(done)]() mutable {
                completed_on = std::this_thread::get_id();
                done(7);
            });
        };
        CHECK(co_await await_completion<int>(start) == 7);
        resumed_on = std::this_thread::get_id();
    };
    asio::co_spawn(context, wait(), asio::detached);
    context.run();
    worker.join();
    CHECK(resumed_on == std::this_thread::get_id());
    CHECK(completed_on != resumed_on);
}

TEST_CASE("ocpi/base/completion: a waiting coroutine keeps its executor at work")
{
    asio::io_context context;
    std::optional<completion<int>> held;
    int received = 0;
    const auto wait = [&]() -> asio::awaitable<void> {
        auto start = [&held](completion<int> done) { held.emplace(std::move(done)); };
        received = co_await await_completion<int>(start);
    };
    asio::co_spawn(context, wait(), asio::detached);
    context.poll();
    CHECK(held.has_value());
    CHECK_FALSE(context.stopped());
    (*held)(5);
    CHECK(received == 0);  // it resumes by the executor, not inside the call
    context.run();
    CHECK(received == 5);
    CHECK(context.stopped());
}

TEST_CASE("ocpi/base/completion: one may be assigned to another")
{
    asio::io_context context;
    completion<int> held;
    int received = 0;
    const auto wait = [&]() -> asio::awaitable<void> {
        auto start = [&held](completion<int> done) { held = std::move(done); };
        received = co_await await_completion<int>(start);
    };
    asio::co_spawn(context, wait(), asio::detached);
    context.poll();
    completion<int> other;
    other = std::move(held);
    other(9);
    context.run();
    CHECK(received == 9);
}

}  // namespace completion_test
