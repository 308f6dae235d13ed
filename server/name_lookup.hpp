#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ocpi::server {

/// Resolves a host to at least one address, in the system's order of preference. Returns by `end`,
/// with errc::timed_out; errc::not_found for an unknown name. Must be awaited on `strand`.
///
/// Each lookup runs on its own thread, which is abandoned when it is late: Asio's resolver has one
/// thread, and a name whose servers do not answer would delay every other name for many seconds.
boost::asio::awaitable<result<std::vector<boost::asio::ip::address>>> look_up(
    boost::asio::any_io_executor strand, std::string host,
    std::chrono::steady_clock::time_point end);

}  // namespace ocpi::server
