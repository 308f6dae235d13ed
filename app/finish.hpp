#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

namespace ocpi::app {

/// Runs one operation to its end on this thread; throws std::runtime_error with what it fails
/// with, for the person at the terminal.
template <class T>
T finish(boost::asio::awaitable<result<T>> operation)
{
    boost::asio::io_context context;
    auto future = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
    context.run();
    auto outcome = future.get();
    if (outcome.has_error()) {
        const auto& failure = outcome.error();
        throw std::runtime_error(failure.log_text().empty() ? failure.text() : failure.log_text());
    }
    if constexpr (!std::is_void_v<T>) return std::move(*outcome);
}

}  // namespace ocpi::app
