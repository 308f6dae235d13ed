#include "ocpi/base/backoff.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

namespace backoff_test {

using ocpi::backoff;
using std::chrono::milliseconds;

TEST_CASE("ocpi/base/backoff: each wait is twice as long as the one before, up to the longest")
{
    const backoff waits{milliseconds(100), milliseconds(350)};
    CHECK(waits.after(1) == milliseconds(100));
    CHECK(waits.after(2) == milliseconds(200));
    CHECK(waits.after(3) == milliseconds(350));
    CHECK(waits.after(4'000'000) == milliseconds(350));
}

TEST_CASE("ocpi/base/backoff: an early attempt comes before the others")
{
    const backoff waits{milliseconds(100), milliseconds(350), milliseconds(5)};
    CHECK(waits.after(1) == milliseconds(5));
    CHECK(waits.after(2) == milliseconds(100));
    CHECK(waits.after(3) == milliseconds(200));
}

TEST_CASE("ocpi/base/backoff: jitter stays within its bounds")
{
    const backoff waits{milliseconds(100), milliseconds(200)};
    std::minstd_rand random(1);
    for (int i = 0; i < 1000; ++i) {
        CHECK(waits.up_to(1, random) <= milliseconds(100));
        const auto about = waits.about(1, random);
        CHECK(about >= milliseconds(69));
        CHECK(about <= milliseconds(130));
        CHECK(waits.about(5, random) <= milliseconds(200));
        CHECK(waits.about(5, random) >= milliseconds(139));
    }
}

}  // namespace backoff_test
