#include "server/name_lookup.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace name_lookup_test {

using namespace ocpi;
using server::addresses;
using server::name_lookup;
namespace asio = boost::asio;

namespace {

const auto never = std::chrono::steady_clock::time_point::max();
const auto now = std::chrono::steady_clock::time_point::min();

/// Resolvers that answer at once, but for names that begin with "slow": those when the test lets
/// them. Shared with threads that may outlast the test.
struct slow_servers {
    std::promise<void> open;
    std::shared_future<void> opened = open.get_future().share();
    std::atomic<int> asked = 0;
    std::atomic<int> asked_slow = 0;

    result<addresses> ask(const std::string& host)
    {
        ++asked;
        if (host.starts_with("slow")) {
            ++asked_slow;
            opened.wait();
        }
        if (host == "unknown") return error(errc::not_found, "unknown");
        return addresses(1, asio::ip::make_address("192.0.2.1"));
    }
    void wait_until_asked(int slow) const
    {
        while (asked_slow < slow) std::this_thread::yield();
    }
};

struct fixture {
    std::shared_ptr<slow_servers> servers = std::make_shared<slow_servers>();
    /// One thread, so that what is started first asks first.
    asio::thread_pool callers{1};

    name_lookup make(std::size_t max_threads, std::size_t max_waiting) const
    {
        const auto ask = [servers = servers](const std::string& host) {
            return servers->ask(host);
        };
        return name_lookup(ask, max_threads, max_waiting);
    }
    std::future<result<addresses>> start(name_lookup& names, const std::string& host)
    {
        return asio::co_spawn(callers, names.find(host, never), asio::use_future);
    }
};

}  // namespace

TEST_CASE("server/name_lookup: a name is found, or it is not known")
{
    fixture at;
    auto names = at.make(2, 10);
    const auto found = test::run_awaitable(names.find("known", never));
    REQUIRE(found.has_value());
    CHECK(found->size() == 1);
    const auto unknown = test::run_awaitable(names.find("unknown", never));
    REQUIRE(unknown.has_error());
    CHECK(unknown.error().code() == errc::not_found);
}

TEST_CASE("server/name_lookup: a slow name holds up no other, however many ask for it")
{
    fixture at;
    auto names = at.make(2, 10);
    std::vector<std::future<result<addresses>>> slow;
    for (int i = 0; i < 5; ++i) slow.push_back(at.start(names, "slow"));
    at.servers->wait_until_asked(1);
    CHECK(test::run_awaitable(names.find("quick", never)).has_value());
    at.servers->open.set_value();
    for (auto& each : slow) CHECK(each.get().has_value());
}

TEST_CASE("server/name_lookup: at its end a look-up is given up, and not begun afterwards")
{
    fixture at;
    auto names = at.make(1, 10);
    auto slow = at.start(names, "slow");
    at.servers->wait_until_asked(1);
    for (const auto* host : {"slow", "quick"}) {
        const auto late = test::run_awaitable(names.find(host, now));
        REQUIRE(late.has_error());
        CHECK(late.error().code() == errc::timed_out);
    }
    at.servers->open.set_value();
    CHECK(slow.get().has_value());
    CHECK(test::run_awaitable(names.find("last", never)).has_value());
    CHECK(at.servers->asked == 2);
}

TEST_CASE("server/name_lookup: too many names that wait are refused at once")
{
    fixture at;
    auto names = at.make(1, 1);
    auto slow = at.start(names, "slow");
    at.servers->wait_until_asked(1);
    auto waiting = at.start(names, "slow too");
    const auto refused = at.start(names, "quick").get();
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == errc::overloaded);
    at.servers->open.set_value();
    CHECK(slow.get().has_value());
    CHECK(waiting.get().has_value());
}

TEST_CASE("server/name_lookup: its end waits for no thread")
{
    const auto servers = std::make_shared<slow_servers>();
    asio::thread_pool callers(1);
    {
        name_lookup names([servers](const std::string& host) { return servers->ask(host); });
        CHECK(test::run_awaitable(names.find("slow", now)).has_error());
        auto slow = asio::co_spawn(callers, names.find("slow", never), asio::use_future);
        asio::post(callers, asio::use_future).get();  // it has begun
        servers->wait_until_asked(1);
    }
    servers->open.set_value();
    callers.join();
}

}  // namespace name_lookup_test
