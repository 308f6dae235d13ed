#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace ocpi {

/// Delivers a value to one waiting coroutine. The worker, on any thread, must call it exactly once;
/// the coroutine then resumes on its own executor. Movable, not copyable. A completion that is
/// dropped without a call leaves its coroutine suspended forever.
template <class T>
class completion {
public:
    completion() = default;

    template <class Handler>
    explicit completion(Handler handler)
        : executor_(boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                        boost::asio::execution::outstanding_work.tracked)),
          handler_(std::move(handler))
    {
    }

    completion(completion&&) noexcept = default;
    /// By swapping: the move assignment of Boost 1.81's any_completion_handler never returns.
    completion& operator=(completion&& other) noexcept
    {
        std::swap(executor_, other.executor_);
        handler_.swap(other.handler_);
        return *this;
    }

    void operator()(T value)
    {
        auto executor = std::exchange(executor_, {});
        boost::asio::post(executor,
                          [handler = std::move(handler_), value = std::move(value)]() mutable {
                              std::move(handler)(std::move(value));
                          });
    }

private:
    boost::asio::any_io_executor executor_;
    boost::asio::any_completion_handler<void(T)> handler_;
};

/// Suspends the calling coroutine, hands its completion to `start`, and resumes with the value.
/// The coroutine cannot be cancelled while it waits.
/// Pass a named callable: g++ 12 destroys a lambda made inside a co_await expression twice.
template <class T, class Start>
boost::asio::awaitable<T> await_completion(Start start)
{
    auto initiate = [&start](auto handler) { start(completion<T>(std::move(handler))); };
    co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
        initiate, boost::asio::use_awaitable);
}

}  // namespace ocpi
