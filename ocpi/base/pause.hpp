#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <stop_token>

namespace ocpi {

/// Suspends the calling coroutine for a period of real time; throws when cancelled.
boost::asio::awaitable<void> pause_for(std::chrono::milliseconds delay);

/// The same, or until `stop` is requested, on whatever thread.
boost::asio::awaitable<void> stoppable_pause(std::chrono::steady_clock::duration delay,
                                             std::stop_token stop);

}  // namespace ocpi
