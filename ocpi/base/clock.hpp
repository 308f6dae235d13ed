#pragma once

#include "ocpi/base/date_time.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

namespace ocpi {

/// The server's only source of "now" for stored and returned times. Timeouts and rate limits use
/// real time instead. Safe from any thread.
class clock {
public:
    virtual ~clock() = default;
    virtual date_time now() const = 0;
};

/// Real time, unless set: then it stands still at that instant until set again.
class adjustable_clock final : public clock {
public:
    date_time now() const override
    {
        const auto fixed = fixed_.load(std::memory_order_acquire);
        if (fixed != running) return date_time::from_milliseconds(fixed);
        return date_time(
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    }

    /// std::nullopt returns to real time.
    void set(std::optional<date_time> instant)
    {
        fixed_.store(instant ? instant->milliseconds() : running, std::memory_order_release);
    }

private:
    static constexpr std::int64_t running = std::numeric_limits<std::int64_t>::min();
    std::atomic<std::int64_t> fixed_{running};
};

}  // namespace ocpi
