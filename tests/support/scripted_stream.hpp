#pragma once

#include "http/body_stream.hpp"
#include "ocpi/base/completion.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::test {

/// A body that a test gives piece by piece, from any thread.
class scripted_stream final : public http::body_stream {
public:
    /// How often next() was called.
    std::size_t asked() const
    {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

    void give(std::string piece) { add(std::move(piece)); }
    void end() { add(std::nullopt); }

    /// True when it is closed within ten seconds.
    bool await_close()
    {
        std::unique_lock lock(mutex_);
        return closing_.wait_for(lock, std::chrono::seconds(10), [this] { return is_closed_; });
    }

    boost::asio::awaitable<std::optional<std::string>> next() override
    {
        auto wait = [this](completion<bool> waiter) { enqueue(std::move(waiter)); };
        co_await await_completion<bool>(wait);
        const std::lock_guard lock(mutex_);
        if (is_closed_ || pieces_.empty()) co_return std::nullopt;
        auto piece = std::move(pieces_.front());
        if (piece) pieces_.pop_front();
        co_return piece;
    }

    void close() noexcept override
    {
        completion<bool> waiter;
        {
            const std::lock_guard lock(mutex_);
            is_closed_ = true;
            if (!take_waiter(waiter)) return closing_.notify_all();
        }
        closing_.notify_all();
        waiter(true);
    }

private:
    void add(std::optional<std::string> piece)
    {
        completion<bool> waiter;
        {
            const std::lock_guard lock(mutex_);
            pieces_.push_back(std::move(piece));
            if (!take_waiter(waiter)) return;
        }
        waiter(true);
    }

    void enqueue(completion<bool> waiter)
    {
        {
            const std::lock_guard lock(mutex_);
            ++asked_;
            if (pieces_.empty() && !is_closed_) {
                waiter_ = std::move(waiter);
                is_waiting_ = true;
                return;
            }
        }
        waiter(true);
    }

    bool take_waiter(completion<bool>& waiter)
    {
        if (!std::exchange(is_waiting_, false)) return false;
        waiter = std::move(waiter_);
        return true;
    }

    mutable std::mutex mutex_;
    std::condition_variable closing_;
    std::deque<std::optional<std::string>> pieces_;
    completion<bool> waiter_;
    std::size_t asked_ = 0;
    bool is_waiting_ = false;
    bool is_closed_ = false;
};

}  // namespace ocpi::test
