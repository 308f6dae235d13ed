#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <mutex>
#include <stop_token>
#include <vector>

namespace ocpi {

/// Wakes coroutines. A notification without a waiting coroutine is kept for the next one that
/// waits; several of them count as one. Safe from any thread; outlives every wait.
class async_event {
public:
    using time_point = std::chrono::steady_clock::time_point;

    async_event() = default;
    async_event(const async_event&) = delete;
    async_event& operator=(const async_event&) = delete;

    /// Wakes all coroutines that wait now, or the next one that does. Allocates no memory.
    void notify() noexcept;

    /// Suspends the calling coroutine until notify(). False when `stop` was requested instead.
    boost::asio::awaitable<bool> wait(std::stop_token stop = {});

    /// The same, until `end` at the latest: false then.
    boost::asio::awaitable<bool> wait_until(time_point end, std::stop_token stop = {});

    /// The same for so long.
    boost::asio::awaitable<bool> wait_for(std::chrono::steady_clock::duration time,
                                          std::stop_token stop = {});

private:
    class waiter;

    bool take_notification() noexcept;

    std::mutex mutex_;
    bool is_notified_ = false;        // guarded by mutex_
    std::vector<waiter*> waiters_{};  // guarded by mutex_
};

}  // namespace ocpi
