#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace ocpi {

/// A token bucket: on average `count` takes per `period`, and up to `burst` of them at once. A
/// value without a clock; full at first. Kept as one instant, at which it would be full again.
class token_bucket {
public:
    using clock = std::chrono::steady_clock;

    /// Each number is at least 1; `period / count` is at least a nanosecond.
    struct rate {
        std::int64_t count = 1;
        clock::duration period = std::chrono::seconds(1);
        std::int64_t burst = 1;
    };

    explicit token_bucket(const rate& allowed) noexcept
        : interval_(allowed.period / allowed.count), tolerance_(interval_ * (allowed.burst - 1))
    {
    }

    /// Takes one and returns zero; or takes none and returns the time until there is one.
    clock::duration take(clock::time_point now) noexcept
    {
        const auto full_at = std::max(full_at_, now);
        const auto wait = full_at - now - tolerance_;
        if (wait > clock::duration::zero()) return wait;
        full_at_ = full_at + interval_;
        return clock::duration::zero();
    }

    /// True if it is as good as a new one.
    bool is_full(clock::time_point now) const noexcept { return full_at_ <= now; }

private:
    clock::duration interval_;
    clock::duration tolerance_;
    clock::time_point full_at_{};
};

}  // namespace ocpi
