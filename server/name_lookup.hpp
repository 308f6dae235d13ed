#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace ocpi::server {

/// The addresses of a host, in the system's order of preference; one at least. Returns at `end`
/// at the latest, with errc::timed_out; errc::not_found when the name is not known. To be
/// awaited on `strand`.
///
/// The system is asked on a thread made for this one look-up, which is left alone when its answer
/// comes too late: Asio's resolver has one thread for all, and there a name whose servers are
/// silent would hold up every other name for many seconds.
boost::asio::awaitable<result<std::vector<boost::asio::ip::address>>> look_up(
    boost::asio::any_io_executor strand, std::string host,
    std::chrono::steady_clock::time_point end);

}  // namespace ocpi::server
