#pragma once

#include "crud/lease_options.hpp"
#include "ocpi/base/async_event.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <stop_token>
#include <utility>
#include <vector>

namespace ocpi::test {

/// The clock of leases, which stands still until a test advances it. Of one thread.
class manual_time {
public:
    using time_point = boot_clock::time_point;

    time_point now() const noexcept { return now_; }

    /// Those that wait look at the clock when their context runs.
    void advance(std::chrono::milliseconds by)
    {
        now_ += by;
        for (auto* each : waiting_) each->notify();
    }

    boost::asio::awaitable<bool> wait(async_event& event, time_point until, std::stop_token stop)
    {
        if (until <= now_) co_return false;
        const waiter here(*this, event);
        co_return co_await event.wait(std::move(stop));
    }

    /// A keeper's, by this clock.
    crud::lease_keeper_options keeper_options()
    {
        crud::lease_keeper_options options;
        options.now = [this] { return now_; };
        options.wait = [this](async_event& event, time_point until, std::stop_token stop) {
            return wait(event, until, std::move(stop));
        };
        options.seed = 7;
        return options;
    }

private:
    struct waiter {
        manual_time& time;
        async_event* event;

        waiter(manual_time& of, async_event& waits_for) : time(of), event(&waits_for)
        {
            time.waiting_.push_back(event);
        }
        ~waiter() { std::erase(time.waiting_, event); }
        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;
    };

    time_point now_{std::chrono::hours(1)};
    std::vector<async_event*> waiting_;
};

}  // namespace ocpi::test
