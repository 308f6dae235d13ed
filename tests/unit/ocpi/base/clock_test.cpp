#include "ocpi/base/clock.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace clock_test {

using namespace ocpi;

namespace {

date_time real_time()
{
    return date_time(
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
}

}  // namespace

TEST_CASE("ocpi/base/clock: it tells real time until it is set, and again once it is released")
{
    adjustable_clock time;
    for (int round = 0; round < 2; ++round) {
        const auto before = real_time();
        const auto told = time.now();
        const auto after = real_time();
        CHECK(before <= told);
        CHECK(told <= after);
        time.set(date_time::from_milliseconds(5));
        time.set(std::nullopt);
    }
}

TEST_CASE("ocpi/base/clock: once set it stands still, also before 1970")
{
    adjustable_clock time;
    for (const std::int64_t instant :
         {std::int64_t{1'704'103'200'123}, std::int64_t{0}, std::int64_t{-1}}) {
        time.set(date_time::from_milliseconds(instant));
        CHECK(time.now().milliseconds() == instant);
        CHECK(time.now().milliseconds() == instant);
    }
}

}  // namespace clock_test
