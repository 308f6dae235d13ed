#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace ocpi::crud {

/// When a group commit begins. Callers that were answered together send their next writes within a
/// moment of one another. A commit that began with the first of these would make the others wait
/// for the one after it: half of the commits would have one write. So the writer waits until as
/// many writes wait as the larger one of the last two commits had, but only for a small part of the
/// time that a commit takes. A lone caller never waits.
class commit_pace {
public:
    using duration = std::chrono::steady_clock::duration;

    /// A transaction with so many writes took so long, the wait before it aside.
    void committed(std::size_t writes, duration taken) noexcept
    {
        writes_before_ = last_writes_;
        last_writes_ = writes;
        last_taken_ = taken;
    }

    /// The writer begins at once when so many wait.
    std::size_t expected_writes() const noexcept { return std::max(writes_before_, last_writes_); }

    /// It begins with fewer after so long.
    duration longest_wait() const noexcept
    {
        return std::min<duration>(last_taken_ / 4, std::chrono::milliseconds(1));
    }

private:
    std::size_t writes_before_ = 0;
    std::size_t last_writes_ = 0;
    duration last_taken_{};
};

}  // namespace ocpi::crud
