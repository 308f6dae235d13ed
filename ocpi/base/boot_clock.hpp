#pragma once

#include <chrono>
#include <ctime>

namespace ocpi {

/// Real time since the machine was started, also that during which it was suspended, when
/// std::chrono::steady_clock stands still on Linux. For what ends by the clock of another machine.
/// Never goes back. Timers do not run by it.
struct boot_clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<boot_clock>;
    static constexpr bool is_steady = true;

    static time_point now() noexcept
    {
        std::timespec read{};
        ::clock_gettime(CLOCK_BOOTTIME, &read);
        return time_point(std::chrono::seconds(read.tv_sec) +
                          std::chrono::nanoseconds(read.tv_nsec));
    }
};

}  // namespace ocpi
