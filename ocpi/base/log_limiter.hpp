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

/// Keeps a condition that repeats from filling the log: of the messages of one key, one is written
/// per interval, with the number of those held back since. It decides and writes nothing itself.
/// Safe from any thread.
///
///     if (const auto held_back = limiter.admit(partner, now)) log.write(…, *held_back, …);
class log_limiter {
public:
    using clock = std::chrono::steady_clock;

    /// At most `max_keys` are remembered; beyond, the one that was written longest ago is
    /// forgotten, and its next message is written at once.
    explicit log_limiter(clock::duration interval, std::size_t max_keys = 1000)
        : interval_(interval), max_keys_(max_keys)
    {
    }

    /// Whether a message of this key is to be written now: then how many were held back before
    /// it; else std::nullopt, and it is counted.
    std::optional<std::uint64_t> admit(std::string_view key, clock::time_point now);

    /// The condition is over: the next message of this key is written at once. Returns how many
    /// were held back since the last one that was written.
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
