#include "ocpi/base/histogram.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace histogram_test {

using namespace ocpi;

TEST_CASE("ocpi/base/histogram: a value counts in the first bucket whose bound it does not exceed")
{
    histogram sizes({1, 10});
    for (const double value : {0.0, 1.0, 1.5, 10.0, 10.5, 1000.0}) sizes.add(value);
    const auto read = sizes.read();
    CHECK(read.bounds == std::vector<double>{1, 10});
    CHECK(read.counts == std::vector<std::uint64_t>{2, 2, 2});
    CHECK(read.total() == 6);
    CHECK(read.sum == doctest::Approx(1023.0));
}

TEST_CASE("ocpi/base/histogram: threads lose no value")
{
    histogram sizes({1});
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&sizes] {
                for (int n = 0; n < 10'000; ++n) sizes.add(n % 2 * 2);
            });
        }
    }
    CHECK(sizes.read().counts == std::vector<std::uint64_t>{20'000, 20'000});
    CHECK(sizes.read().sum == 40'000.0);
}

}  // namespace histogram_test
