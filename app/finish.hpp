#pragma once

#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace ocpi::app {

/// Runs a coroutine to its end on this thread; rethrows its exceptions.
void run_to_end(boost::asio::awaitable<void> coroutine);

/// Throws std::runtime_error with the failure, for the person at the terminal.
[[noreturn]] void fail(const error& failure);

/// Runs one operation to its end on this thread; throws on failure.
template <class T>
T finish(boost::asio::awaitable<result<T>> operation)
{
    std::optional<result<T>> outcome;
    auto keep = [&]() -> boost::asio::awaitable<void> {
        outcome.emplace(co_await std::move(operation));
    };
    run_to_end(keep());
    if (outcome->has_error()) fail(outcome->error());
    if constexpr (!std::is_void_v<T>) return std::move(**outcome);
}

}  // namespace ocpi::app
