#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ocpi::server {

/// Completion token of an operation that returns its error code as a value.
inline constexpr auto with_error_code = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace ocpi::server
