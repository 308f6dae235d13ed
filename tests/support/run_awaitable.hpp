#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <utility>

namespace ocpi::test {

/// Runs a coroutine to its end on the calling thread, as a test's main thread does; throws what
/// it throws.
void run_awaitable(boost::asio::awaitable<void> coroutine);

namespace detail {

template <class T>
boost::asio::awaitable<void> keep_value(boost::asio::awaitable<T> coroutine, std::optional<T>& kept)
{
    kept.emplace(co_await std::move(coroutine));
}

}  // namespace detail

/// The same for one with a value, which is returned.
template <class T>
T run_awaitable(boost::asio::awaitable<T> coroutine)
{
    std::optional<T> value;
    run_awaitable(detail::keep_value(std::move(coroutine), value));
    return std::move(*value);
}

}  // namespace ocpi::test
