#pragma once

#include "ocpi/base/async_event.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace ocpi::app {

template <class T>
struct awaited_value {
    std::optional<T> value;
    async_event done;
};

template <class T>
boost::asio::awaitable<void> keep_value(boost::asio::awaitable<T> operation,
                                        std::shared_ptr<awaited_value<T>> kept)
{
    try {
        kept->value.emplace(co_await std::move(operation));
    } catch (const std::exception&) {
        // As an operation that does not end.
    }
    kept->done.notify();
}

/// The result of `operation`, on the caller's strand; std::nullopt if it does not end in time. Then
/// it goes on, and what it uses must last.
template <class T>
boost::asio::awaitable<std::optional<T>> await_within(std::chrono::milliseconds time,
                                                      boost::asio::awaitable<T> operation)
{
    const auto kept = std::make_shared<awaited_value<T>>();
    const auto strand = co_await boost::asio::this_coro::executor;
    auto keeping = keep_value(std::move(operation), kept);
    boost::asio::co_spawn(strand, std::move(keeping), boost::asio::detached);
    co_await kept->done.wait_for(time);
    co_return std::move(kept->value);
}

}  // namespace ocpi::app
