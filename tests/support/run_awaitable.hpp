#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace ocpi::test {

/// Runs a coroutine to its end on the calling thread, as a test's main thread does, and returns
/// or throws what it does.
template <class T>
T run_awaitable(boost::asio::awaitable<T> coroutine)
{
    boost::asio::io_context context;
    auto outcome = boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
    context.run();
    return outcome.get();
}

}  // namespace ocpi::test
