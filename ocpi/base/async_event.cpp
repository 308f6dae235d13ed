#include "ocpi/base/async_event.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ocpi {

namespace asio = boost::asio;

/// One suspended coroutine. Its timer is started and cancelled under the event's mutex only, so
/// that any thread may do it, whatever the coroutine's executor is.
class async_event::waiter {
public:
    waiter(async_event& event, asio::any_io_executor executor, time_point end)
        : event_(event), timer_(std::move(executor), end)
    {
    }
    ~waiter()
    {
        const std::lock_guard lock(event_.mutex_);
        std::erase(event_.waiters_, this);
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;

    template <class Handler>
    void start(Handler handler)
    {
        const std::lock_guard lock(event_.mutex_);
        if (std::exchange(event_.is_notified_, false)) {
            wake();
        } else {
            event_.waiters_.push_back(this);
        }
        if (is_stopped_ || is_notified_) timer_.expires_at(time_point::min());
        timer_.async_wait(std::move(handler));
    }

    /// To be called under the event's mutex.
    void wake()
    {
        is_notified_ = true;
        timer_.cancel();
    }

    void stop()
    {
        const std::lock_guard lock(event_.mutex_);
        is_stopped_ = true;
        timer_.cancel();
    }

    bool was_notified() const
    {
        const std::lock_guard lock(event_.mutex_);
        return is_notified_;
    }

private:
    async_event& event_;
    asio::steady_timer timer_;
    bool is_notified_ = false;
    bool is_stopped_ = false;
};

bool async_event::take_notification() noexcept
{
    const std::lock_guard lock(mutex_);
    return std::exchange(is_notified_, false);
}

void async_event::notify() noexcept
{
    const std::lock_guard lock(mutex_);
    is_notified_ = waiters_.empty();
    for (auto* each : waiters_) each->wake();
    waiters_.clear();
}

asio::awaitable<bool> async_event::wait(std::stop_token stop)
{
    return wait_until(time_point::max(), std::move(stop));
}

asio::awaitable<bool> async_event::wait_for(std::chrono::steady_clock::duration time,
                                            std::stop_token stop)
{
    return wait_until(std::chrono::steady_clock::now() + time, std::move(stop));
}

asio::awaitable<bool> async_event::wait_until(time_point end, std::stop_token stop)
{
    if (take_notification()) co_return true;
    if (stop.stop_requested()) co_return false;
    waiter own(*this, co_await asio::this_coro::executor, end);
    const auto wake = [&own] { own.stop(); };
    const std::stop_callback on_stop(std::move(stop), wake);
    auto start = [&own](auto handler) { own.start(std::move(handler)); };
    boost::system::error_code ended;
    auto token = asio::redirect_error(asio::use_awaitable, ended);
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(start, token);
    co_return own.was_notified();
}

}  // namespace ocpi
