#include "ocpi/base/boot_clock.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

namespace boot_clock_test {

using namespace ocpi;

static_assert(std::chrono::is_clock_v<boot_clock>);

TEST_CASE("ocpi/base/boot_clock: it tells the time since the start of the machine")
{
    // Which has two digits behind the point.
    double up = 0;
    std::ifstream("/proc/uptime") >> up;
    REQUIRE(up > 0);
    const std::chrono::duration<double> told = boot_clock::now().time_since_epoch();
    CHECK(told.count() >= up);
    CHECK(told.count() < up + 60);
}

TEST_CASE("ocpi/base/boot_clock: it never goes back, and passes no slower than a steady clock")
{
    auto last = boot_clock::now();
    const auto ahead =
        last.time_since_epoch() - std::chrono::steady_clock::now().time_since_epoch();
    for (int i = 0; i < 1'000; ++i) {
        const auto steady = std::chrono::steady_clock::now();
        const auto now = boot_clock::now();
        CHECK(now >= last);
        CHECK(now.time_since_epoch() - steady.time_since_epoch() >= ahead);
        last = now;
    }
}

}  // namespace boot_clock_test
