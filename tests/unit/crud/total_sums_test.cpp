#include "crud/total_sums.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>

namespace total_sums_test {

using namespace ocpi;
using namespace ocpi::crud;

TEST_CASE("crud/total_sums: sums are by currency, in order, and go beyond an integer")
{
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    total_sums sums;
    sums.add("SEK", 1, 0, 2'500'000);
    sums.add("EUR", 2, max, -1);
    sums.add("EUR", 1, max, 0);
    sums.add("NOK", 0, 0, 0);
    CHECK(sums.count() == 4);
    const auto made = sums.finish();
    REQUIRE(made.parts.size() == 2);
    CHECK(made.parts[0].currency == "EUR");
    CHECK(made.parts[0].count == 3);
    CHECK(made.parts[0].kwh == *decimal::parse("18446744073709.551614"));
    CHECK(made.parts[0].cost == *decimal::parse("-0.000001"));
    CHECK(made.parts[1].currency == "SEK");
    CHECK(made.parts[1].cost == *decimal::parse("2.5"));
}

}  // namespace total_sums_test
