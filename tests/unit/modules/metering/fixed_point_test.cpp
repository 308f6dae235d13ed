#include "modules/metering/fixed_point.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace fixed_point_test {

using namespace ocpi;
using namespace ocpi::metering;

TEST_CASE("modules/metering/fixed_point: a decimal number goes there and back unchanged")
{
    for (const std::string text : {"0", "1", "-1", "12300", "0.05", "-123.456",
                                   "123456789012345678901234567890.000000000000000000001"}) {
        CHECK(to_text(decimal_of(to_fixed_point(*decimal::parse(text)))) == text);
    }
    const auto number = to_fixed_point(*decimal::parse("41.50"));
    CHECK(number.amount == 415);
    CHECK(number.places == 1);
    CHECK(amount_at(number, 4) == 415'000);
    CHECK(to_fixed_point(*decimal::parse("1e200")).amount == power_of_ten(200));
}

TEST_CASE("modules/metering/fixed_point: a quotient of any size is estimated")
{
    CHECK(approximate(0, 7) == 0);
    CHECK(approximate(1, 4) == doctest::Approx(0.25));
    CHECK(approximate(power_of_ten(400), power_of_ten(398)) == doctest::Approx(100));
    CHECK(approximate(1, power_of_ten(400)) == 0);
    CHECK(std::isinf(approximate(power_of_ten(400), 1)));
}

}  // namespace fixed_point_test
