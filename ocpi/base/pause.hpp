#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ocpi {

/// Suspends the calling coroutine for so long, by real time; throws when it is cancelled.
boost::asio::awaitable<void> pause_for(std::chrono::milliseconds delay);

}  // namespace ocpi
