#include "ocpi/base/keyed_mutex.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <atomic>
#include <exception>
#include <future>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace keyed_mutex_test {

using ocpi::keyed_mutex;
namespace asio = boost::asio;

TEST_CASE("ocpi/base/keyed_mutex: turns of one key are given in the order in which they were asked")
{
    asio::io_context context;
    keyed_mutex queue;
    std::string order;
    std::optional<keyed_mutex::lock> first;
    const auto hold = [&]() -> asio::awaitable<void> {
        auto turn = co_await queue.take("k");
        first.emplace(std::move(turn));
    };
    const auto follow = [&](char name) -> asio::awaitable<void> {
        const auto turn = co_await queue.take("k");
        order += name;
    };
    asio::co_spawn(context, hold(), asio::detached);
    context.poll();
    for (char name : {'a', 'b', 'c', 'd'}) {
        context.restart();
        asio::co_spawn(context, follow(name), asio::detached);
        context.poll();
    }
    CHECK(order.empty());
    first.reset();
    context.restart();
    context.run();
    CHECK(order == "abcd");
}

TEST_CASE("ocpi/base/keyed_mutex: other keys do not wait")
{
    asio::io_context context;
    keyed_mutex queue;
    int taken = 0;
    const auto run = [&]() -> asio::awaitable<void> {
        const auto one = co_await queue.take("a");
        const auto two = co_await queue.take("b");
        const auto three = co_await queue.take("A");
        ++taken;
    };
    asio::co_spawn(context, run(), asio::detached);
    context.run();
    CHECK(taken == 1);
}

TEST_CASE("ocpi/base/keyed_mutex: a turn ends with its object, also by an exception")
{
    asio::io_context context;
    keyed_mutex queue;
    int taken = 0;
    const auto fail = [&]() -> asio::awaitable<void> {
        const auto turn = co_await queue.take("k");
        throw std::runtime_error("a bug");
    };
    const auto follow = [&]() -> asio::awaitable<void> {
        auto turn = co_await queue.take("k");
        const auto moved = std::move(turn);
        ++taken;
    };
    asio::co_spawn(context, fail(), [](const std::exception_ptr&) {});
    asio::co_spawn(context, follow(), asio::detached);
    asio::co_spawn(context, follow(), asio::detached);
    context.run();
    CHECK(taken == 2);
}

TEST_CASE("ocpi/base/keyed_mutex: on several threads every turn comes, one at a time")
{
    constexpr std::size_t keys = 3;
    constexpr int writers = 300;
    constexpr int rounds = 20;
    asio::thread_pool threads(4);
    keyed_mutex queue;
    std::array<int, keys> counted{};  // not atomic: the turns protect it
    std::atomic<int> overlapping = 0;
    std::array<std::atomic<int>, keys> inside{};
    std::vector<std::future<void>> finished;
    const auto write = [&](std::size_t number) -> asio::awaitable<void> {
        for (int round = 0; round < rounds; ++round) {
            const auto key = (number + static_cast<std::size_t>(round)) % keys;
            const auto turn = co_await queue.take(std::to_string(key));
            if (inside[key].fetch_add(1) != 0) ++overlapping;
            ++counted[key];
            if (round % 5 == 0) co_await asio::post(asio::use_awaitable);
            inside[key].fetch_sub(1);
        }
    };
    for (int i = 0; i < writers; ++i) {
        finished.push_back(
            asio::co_spawn(threads, write(static_cast<std::size_t>(i)), asio::use_future));
    }
    for (auto& writer : finished) writer.get();
    CHECK(overlapping == 0);
    CHECK(counted[0] + counted[1] + counted[2] == writers * rounds);
}

}  // namespace keyed_mutex_test
