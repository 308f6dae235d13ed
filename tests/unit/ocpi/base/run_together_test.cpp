#include "ocpi/base/run_together.hpp"

#include "ocpi/base/completion.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace run_together_test {

using namespace ocpi;
namespace asio = boost::asio;

namespace {

/// Lets each wait until all of them do.
class meeting {
public:
    explicit meeting(std::size_t expected) : expected_(expected) {}

    asio::awaitable<void> attend()
    {
        auto wait = [this](completion<bool> waiter) {
            waiting_.push_back(std::move(waiter));
            if (waiting_.size() < expected_) return;
            for (auto& each : std::exchange(waiting_, {})) each(true);
        };
        co_await await_completion<bool>(wait);
        ++attended;
    }

    std::size_t attended = 0;

private:
    std::size_t expected_;
    std::vector<completion<bool>> waiting_;
};

asio::awaitable<void> fail_with(std::string text)
{
    throw std::runtime_error(text);
    co_return;
}

asio::awaitable<void> wait_for_ever()
{
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(24));
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> increment(std::atomic<int>& count)
{
    ++count;
    co_return;
}

}  // namespace

TEST_CASE("ocpi/base/run_together: all run at the same time, and have ended when it resumes")
{
    meeting of_ten(10);
    std::vector<asio::awaitable<void>> all;
    for (int i = 0; i < 10; ++i) all.push_back(of_ten.attend());
    test::run_awaitable(run_together(std::move(all)));
    CHECK(of_ten.attended == 10);
}

TEST_CASE("ocpi/base/run_together: none at all is done at once")
{
    test::run_awaitable(run_together({}));
}

TEST_CASE("ocpi/base/run_together: the first exception is thrown once all have ended")
{
    meeting of_two(2);
    std::vector<asio::awaitable<void>> all;
    all.push_back(fail_with("first"));
    all.push_back(of_two.attend());
    all.push_back(fail_with("second"));
    all.push_back(of_two.attend());
    CHECK_THROWS_WITH(test::run_awaitable(run_together(std::move(all))), "first");
    CHECK(of_two.attended == 2);
}

TEST_CASE("ocpi/base/run_together: on several threads none is lost")
{
    asio::thread_pool threads(4);
    std::atomic<int> count = 0;
    const auto work = [&count]() -> asio::awaitable<void> {
        for (int round = 0; round < 200; ++round) {
            std::vector<asio::awaitable<void>> all;
            for (int i = 0; i < 20; ++i) all.push_back(increment(count));
            co_await run_together(std::move(all));
        }
    };
    asio::co_spawn(threads, work(), asio::use_future).get();
    CHECK(count == 4000);
}

TEST_CASE("ocpi/base/run_together: a context that ends first takes the caller along")
{
    const auto alive = std::make_shared<int>(0);
    const auto work = [](std::shared_ptr<int> kept) -> asio::awaitable<void> {
        std::vector<asio::awaitable<void>> all;
        all.push_back(wait_for_ever());
        co_await run_together(std::move(all));
        ++*kept;
    };
    {
        asio::io_context context;
        asio::co_spawn(context, work(alive), asio::detached);
        context.poll();
        CHECK(alive.use_count() == 2);
    }
    CHECK(alive.use_count() == 1);
    CHECK(*alive == 0);
}

}  // namespace run_together_test
