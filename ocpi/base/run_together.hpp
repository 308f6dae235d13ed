#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ocpi {

/// Starts all coroutines on the caller's executor, resumes when all have ended, and then rethrows
/// the first exception. Neither the caller nor the coroutines can be cancelled meanwhile: for short
/// work. On an executor with several threads they run in parallel.
boost::asio::awaitable<void> run_together(std::vector<boost::asio::awaitable<void>> all);

}  // namespace ocpi
