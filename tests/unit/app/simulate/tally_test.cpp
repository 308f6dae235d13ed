#include "app/simulate/tally.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace tally_test {

using namespace ocpi::app::simulate;

TEST_CASE("app/simulate/tally: a percentile is at most a ninth too high")
{
    latency_histogram latencies;
    CHECK(latencies.percentile_ms(99) == 0);
    for (int i = 1; i <= 100; ++i) latencies.add(std::chrono::milliseconds(i));
    CHECK(latencies.percentile_ms(50) >= 50);
    CHECK(latencies.percentile_ms(50) <= 56);
    CHECK(latencies.percentile_ms(99) >= 99);
    CHECK(latencies.percentile_ms(100) <= 112);
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1234567) == "1,234,567");
}

}  // namespace tally_test
