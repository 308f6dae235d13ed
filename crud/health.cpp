#include "crud/health.hpp"

#include <chrono>
#include <utility>

namespace ocpi::crud {

health::health(logger& log, std::string activity)
    : log_(log), activity_(std::move(activity)), limiter_(std::chrono::minutes(1))
{
}

void health::failed(std::string_view cause, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    failing_.store(true);
    ++failures_;
    const auto held_back = limiter_.admit("failed", now);
    if (!held_back) return;
    auto line = activity_ + " fails: " + std::string(cause);
    if (*held_back > 0) line += " (and " + std::to_string(*held_back) + " times more before)";
    log_.write(log_level::error, line);
    is_told_ = true;
}

void health::worked(clock::time_point now)
{
    // The load alone keeps the common case free of a contended write.
    if (!failing_.load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    if (!failing_.exchange(false) || !std::exchange(is_told_, false)) return;
    auto line = activity_ + " works again";
    // Once a minute the next failure is told at once.
    const auto held_back = limiter_.admit("worked", now) ? limiter_.reset("failed") : 0;
    if (held_back > 0) {
        line += " (and it had failed " + std::to_string(held_back) + " times more)";
    }
    log_.write(log_level::info, line);
}

}  // namespace ocpi::crud
