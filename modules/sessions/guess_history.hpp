#pragma once

#include <atomic>

namespace ocpi::sessions {

/// Whether it pays to write by a guess at what is stored, without reading that first. A wrong guess
/// costs a write that the store refuses, about as much as a read: so it pays while more than half
/// of the last guesses were right. They are wrong where other processes write the same sessions, or
/// where sessions from before the start are written. Safe from any thread.
class guess_history {
public:
    bool is_worthwhile() const noexcept
    {
        return balance_.load(std::memory_order_relaxed) >= max_balance / 2;
    }

    /// Whether a guess was right, acted upon or not.
    void note(bool was_right) noexcept
    {
        // Of two notes at the same moment one may be lost.
        const int now = balance_.load(std::memory_order_relaxed);
        if (was_right && now < max_balance) balance_.store(now + 1, std::memory_order_relaxed);
        if (!was_right && now > 0) balance_.store(now - 1, std::memory_order_relaxed);
    }

private:
    static constexpr int max_balance = 32;

    std::atomic<int> balance_ = max_balance;
};

}  // namespace ocpi::sessions
