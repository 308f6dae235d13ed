#include "ocpi/base/pause.hpp"

#include "ocpi/base/async_event.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ocpi {

boost::asio::awaitable<void> pause_for(std::chrono::milliseconds delay)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, delay);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

boost::asio::awaitable<void> stoppable_pause(std::chrono::steady_clock::duration delay,
                                             std::stop_token stop)
{
    async_event never;
    co_await never.wait_for(delay, std::move(stop));
}

}  // namespace ocpi
