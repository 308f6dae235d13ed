#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace ocpi::server {

/// Aborts an operation at a deadline by closing its resource. Runs on the strand given at
/// construction; calls must be made on it. Owned by a shared_ptr.
class deadline : public std::enable_shared_from_this<deadline> {
public:
    using time_point = std::chrono::steady_clock::time_point;

    explicit deadline(const boost::asio::any_io_executor& strand) : timer_(strand) {}

    /// Calls `abort` at `end` unless arm() or disarm() is called before.
    void arm(time_point end, std::function<void()> abort)
    {
        abort_ = std::move(abort);
        has_passed_ = false;
        timer_.expires_at(is_over_ ? std::chrono::steady_clock::now() : end);
        timer_.async_wait([weak = weak_from_this(), turn = ++turn_](const auto& failure) {
            const auto self = weak.lock();
            if (failure || !self || self->turn_ != turn) return;
            self->has_passed_ = true;
            self->abort_();
        });
    }

    void disarm()
    {
        ++turn_;
        timer_.cancel();
        abort_ = nullptr;
    }

    /// Expires the deadline now, for the current and all later arm(). Safe from any thread.
    void end_now()
    {
        boost::asio::post(timer_.get_executor(), [self = shared_from_this()] {
            self->is_over_ = true;
            if (!self->abort_) return;
            ++self->turn_;
            self->has_passed_ = true;
            self->abort_();
        });
    }

    /// True if the last arm() has called its `abort`.
    bool has_passed() const noexcept { return has_passed_; }

private:
    boost::asio::steady_timer timer_;
    std::function<void()> abort_;
    std::uint64_t turn_ = 0;
    bool has_passed_ = false;
    bool is_over_ = false;
};

}  // namespace ocpi::server
