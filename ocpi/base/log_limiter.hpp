#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace ocpi {

/// Limits repeated log messages: of the messages of one key one is admitted per interval, with the
/// number suppressed since. Writes nothing itself. Safe from any thread.
///
///     if (const auto held_back = limiter.admit(partner, now)) log.write(…, *held_back, …);
class log_limiter {
public:
    using clock = std::chrono::steady_clock;

    /// Beyond `max_keys` the least recently written key is dropped, and its next message is
    /// admitted at once.
    explicit log_limiter(clock::duration interval, std::size_t max_keys = 1000)
        : interval_(interval), max_keys_(max_keys)
    {
    }

    /// Returns the number of messages suppressed before, if a message of this key is to be written
    /// now; else counts it and returns std::nullopt.
    std::optional<std::uint64_t> admit(std::string_view key, clock::time_point now);

    /// Call when the condition is over: the next message of this key is admitted at once. Returns
    /// the number suppressed since the last message.
    std::uint64_t reset(std::string_view key);

private:
    struct entry {
        clock::time_point written_at;
        std::uint64_t held_back = 0;
    };

    void drop_oldest();

    const clock::duration interval_;
    const std::size_t max_keys_;
    std::mutex mutex_;
    std::unordered_map<std::string, entry> entries_;  // guarded by mutex_
};

}  // namespace ocpi
