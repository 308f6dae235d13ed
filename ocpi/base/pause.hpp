#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ocpi {

/// Suspends the calling coroutine for a period of real time; throws when cancelled.
boost::asio::awaitable<void> pause_for(std::chrono::milliseconds delay);

}  // namespace ocpi
