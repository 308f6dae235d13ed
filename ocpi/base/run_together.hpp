#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ocpi {

/// Starts all of these on the calling coroutine's executor and resumes when each has ended;
/// rethrows the first exception then. The caller cannot be cancelled meanwhile, nor can they: for
/// work that is short. On an executor of several threads they run at the same time.
boost::asio::awaitable<void> run_together(std::vector<boost::asio::awaitable<void>> all);

}  // namespace ocpi
