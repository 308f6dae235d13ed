#pragma once

#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

namespace ocpi::crud {

/// Logs when something begins to fail and when it works again. While it goes on
/// failing, one line a minute tells how often; where it fails now and then, a few. Whenever a
/// failure was logged, its end is too. Thread safe.
class health {
public:
    using clock = log_limiter::clock;

    /// `activity` as it reads in the log: "writing to /var/lib/…".
    health(logger& log, std::string activity);

    void failed(std::string_view cause, clock::time_point now = clock::now());
    void worked(clock::time_point now = clock::now());

    /// The last attempt has failed.
    bool is_failing() const noexcept { return failing_.load(); }
    /// How often it has failed since the start.
    std::uint64_t failures() const noexcept { return failures_.load(); }

private:
    logger& log_;
    const std::string activity_;
    /// The lines are written under it, in the order of what they tell.
    std::mutex mutex_;
    log_limiter limiter_;   // guarded by mutex_
    bool is_told_ = false;  // guarded by mutex_: a failure was logged whose end was not
    std::atomic<bool> failing_ = false;
    std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace ocpi::crud
