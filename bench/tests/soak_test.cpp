#include "bench/run/soak.hpp"

#include <doctest/doctest.h>

namespace soak_test {

using namespace ocpi::bench;

TEST_CASE("bench/run/soak: growth is of the last third to the middle third; warming up is none")
{
    std::vector<soak_sample> samples;
    for (const double memory : {10.0, 20.0, 30.0, 30.0, 31.0, 30.0, 33.0, 33.0, 33.0}) {
        samples.push_back({memory, 85, 4, 2});
    }
    CHECK(growth(samples, &soak_sample::resident_mib) == doctest::Approx(1.1));
    CHECK(growth(samples, &soak_sample::descriptors) == 1);
}

TEST_CASE("bench/run/soak: too few samples, or none of a figure, are no growth")
{
    CHECK(growth({{1, 1, 1, 1}, {9, 9, 9, 9}}, &soak_sample::resident_mib) == 1);
    CHECK(growth({{}, {}, {}}, &soak_sample::wal_mib) == 1);
}

TEST_CASE("bench/run/soak: a sample is one line")
{
    CHECK(describe({38.44, 85, 4.06, 5.21}, 12) ==
          "12: 38.4 MiB, 85 descriptors, WAL 4.1 MiB, p99 5.2 ms");
}

}  // namespace soak_test
