#include "ocpi/base/rational.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace rational_test {

using namespace ocpi;

namespace {

decimal number(const std::string& text)
{
    return *decimal::parse(text);
}

std::string there_and_back(const std::string& text)
{
    return to_text(to_decimal(to_rational(number(text))));
}

}  // namespace

TEST_CASE("ocpi/base/rational: a decimal number goes there and back unchanged")
{
    for (const char* text : {"0", "1", "-1", "0.05", "-0.5", "10", "12300", "100000000000000000001",
                             "0.000000000000000000000001", "-123.456"}) {
        CHECK(there_and_back(text) == text);
    }
    CHECK(there_and_back("4.1e1") == "41");
    CHECK(there_and_back("41.00") == "41");
}

TEST_CASE(
    "ocpi/base/rational: an endless fraction is given to 12 places, rounded half away from zero")
{
    CHECK(to_text(to_decimal(rational(1, 3))) == "0.333333333333");
    CHECK(to_text(to_decimal(rational(-2, 3))) == "-0.666666666667");
    CHECK(to_text(to_decimal(rational(1, 1024))) == "0.0009765625");
}

TEST_CASE("ocpi/base/rational: rounding is half away from zero at any place")
{
    CHECK(to_text(rounded(rational(5, 1000), 2)) == "0.01");
    CHECK(to_text(rounded(rational(-5, 1000), 2)) == "-0.01");
    CHECK(to_text(rounded(rational(4999, 1000000), 2)) == "0");
    CHECK(to_text(rounded(rational(5, 2), 0)) == "3");
    CHECK(to_text(rounded(rational(41, 1), 4)) == "41");
}

TEST_CASE("ocpi/base/rational: what is too large or too fine is refused")
{
    CHECK_THROWS_AS(to_rational(number("1e500")), std::length_error);
    CHECK_THROWS_AS(to_rational(number("1e-500")), std::length_error);
}

}  // namespace rational_test
