#include "ocpi/base/decimal.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

ocpi::decimal number(std::string_view text)
{
    const auto parsed = ocpi::decimal::parse(text);
    REQUIRE_MESSAGE(parsed, "not a number: ", std::string(text));
    return *parsed;
}

}  // namespace

TEST_CASE("base/decimal: spellings of one value are equal")
{
    CHECK(number("41.0") == number("41.00"));
    CHECK(number("41") == number("4.1e1"));
    CHECK(number("0.041E+3") == number("41"));
    CHECK(number("-0.0") == number("0e99"));
    CHECK(number("1e400") == number("10e399"));
    CHECK(number("41.0") != number("41.0000000000000000000000000000000001"));
}

TEST_CASE("base/decimal: values are ordered exactly, whatever their size")
{
    const char* ascending[] = {"-1e400",
                               "-10",
                               "-9.99",
                               "-1e-400",
                               "0",
                               "1e-400",
                               "0.1",
                               "0.10001",
                               "0.9",
                               "1",
                               "9.99",
                               "10.0",
                               "123456789012345678901",
                               "1e400"};
    for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
        CAPTURE(ascending[i]);
        CHECK(number(ascending[i]) < number(ascending[i + 1]));
        CHECK(number(ascending[i + 1]) > number(ascending[i]));
    }
}

TEST_CASE("base/decimal: an exponent of any length is harmless")
{
    CHECK(number("1e99999999999999999999999999") > number("9e400"));
    CHECK(number("1e-99999999999999999999999999") < number("1e-400"));
    CHECK(number("0e99999999999999999999999999").is_zero());
}

TEST_CASE("base/decimal: only what the JSON grammar calls a number is one")
{
    for (const char* text : {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1 ", " 1",
                             "NaN", "Infinity", "1.2.3", "--1", "1e5.0", "1,5"}) {
        CAPTURE(text);
        CHECK_FALSE(ocpi::decimal::parse(text));
    }
}
