#include "ocpi/base/decimal_sum.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>
#include <string>

namespace decimal_sum_test {

using ocpi::decimal;
using ocpi::decimal_sum;

namespace {

/// Of up to 20 digits, mostly of few, at any exponent that is worth a look.
std::string number(std::mt19937& random)
{
    std::string text = random() % 3 == 0 ? "-" : "";
    const auto digits = random() % 4 == 0 ? 1 + random() % 20 : 1 + random() % 6;
    text += static_cast<char>('1' + random() % 9);
    for (std::size_t i = 1; i < digits; ++i) text += static_cast<char>('0' + random() % 10);
    if (random() % 5 == 0) return "0";
    return text + "e" + std::to_string(static_cast<int>(random() % 30) - 20);
}

}  // namespace

TEST_CASE("ocpi/base/decimal_sum: the sum is that of the operator, whatever is added")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        decimal_sum sum;
        decimal expected;
        for (int i = 0; i < 40; ++i) {
            const auto text = number(random);
            CAPTURE(text);
            const auto value = *decimal::parse(text);
            sum.add(value);
            expected = expected + value;
            REQUIRE(sum.value() == expected);
        }
    }
}

TEST_CASE("ocpi/base/decimal_sum: digits beyond an integer's are kept")
{
    decimal_sum sum;
    CHECK(sum.value().is_zero());
    for (int i = 0; i < 3; ++i) sum.add(*decimal::parse("99999999999999999"));
    sum.add(*decimal::parse("1e-30"));
    CHECK(to_text(sum.value()) == "299999999999999997.000000000000000000000000000001");
}

TEST_CASE("ocpi/base/decimal_sum: a sum of too many digits is refused as the operator does")
{
    decimal_sum sum;
    sum.add(*decimal::parse("1"));
    const auto huge = *decimal::parse("1e999999999");
    const auto add = [&] {
        sum.add(huge);
        return sum.value();
    };
    CHECK_THROWS_AS(add(), std::length_error);
    decimal_sum small;
    small.add(huge);
    CHECK(small.value() == huge);
}

}  // namespace decimal_sum_test
