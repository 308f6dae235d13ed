#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace ocpi::crud {

/// When a group commit begins. Callers that were answered together send their next writes within a
/// moment of one another. A commit that began with the first of these would make the others wait
/// for the one after it: half of the commits would have one write. So the writer waits until all
/// callers may have sent one, those that were answered last and those that waited meanwhile, but
/// only for a part of the time that a commit takes. A lone caller never waits.
///
/// Where other processes write to the same store, a transaction waits for theirs. Half of that time
/// is better spent before it begins, while more writes come.
class commit_pace {
public:
    using duration = std::chrono::steady_clock::duration;

    /// A transaction with so many writes took so long, the wait before it aside. For `held_up` of
    /// that time it waited for other processes. When it ended, `waiting` more writes waited.
    void committed(std::size_t writes, duration taken, duration held_up = {},
                   std::size_t waiting = 0) noexcept
    {
        writes_before_ = last_writes_;
        last_writes_ = writes;
        last_waiting_ = waiting;
        last_own_ = taken - held_up;
        last_held_up_ = held_up;
    }

    /// The writer begins at once when so many wait.
    std::size_t expected_writes() const noexcept
    {
        return std::max(writes_before_, last_writes_ + last_waiting_);
    }

    /// It begins with fewer after so long.
    duration longest_wait() const noexcept
    {
        return std::max(wait_for_callers(), wait_for_others());
    }

private:
    duration wait_for_callers() const noexcept
    {
        return std::min<duration>(last_own_ / 3, std::chrono::milliseconds(2));
    }

    duration wait_for_others() const noexcept
    {
        return std::min<duration>(last_held_up_ / 2, std::chrono::milliseconds(5));
    }

    std::size_t writes_before_ = 0;
    std::size_t last_writes_ = 0;
    std::size_t last_waiting_ = 0;
    duration last_own_{};
    duration last_held_up_{};
};

}  // namespace ocpi::crud
