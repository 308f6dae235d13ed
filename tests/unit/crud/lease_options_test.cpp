#include "crud/lease_options.hpp"

#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stop_token>

namespace lease_options_test {

using namespace ocpi;
using namespace std::chrono_literals;
using test::run_awaitable;

TEST_CASE("crud/lease_options: by default time is that of the machine, suspended or not")
{
    const crud::lease_keeper_options options;
    const auto before = boot_clock::now();
    const auto now = options.now();
    CHECK(now >= before);
    CHECK(now <= boot_clock::now());
}

TEST_CASE("crud/lease_options: a wait ends at its time, by an event or by a stop")
{
    const crud::lease_keeper_options options;
    async_event event;
    std::stop_source stop;
    const auto never = boot_clock::time_point::max();
    CHECK_FALSE(run_awaitable(options.wait(event, options.now() + 1ms, stop.get_token())));
    CHECK_FALSE(run_awaitable(options.wait(event, options.now(), stop.get_token())));
    CHECK_FALSE(
        run_awaitable(options.wait(event, boot_clock::time_point::min(), stop.get_token())));
    event.notify();
    CHECK(run_awaitable(options.wait(event, never, stop.get_token())));
    stop.request_stop();
    CHECK_FALSE(run_awaitable(options.wait(event, never, stop.get_token())));
}

}  // namespace lease_options_test
