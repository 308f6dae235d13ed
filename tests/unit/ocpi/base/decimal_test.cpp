#include "ocpi/base/decimal.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>

namespace decimal_test {

namespace {

__extension__ using int128 = __int128;

std::string plain(int128 value)
{
    if (value == 0) return "0";
    std::string text;
    const bool is_negative = value < 0;
    for (; value != 0; value /= 10) {
        const auto digit = static_cast<int>(value % 10);
        text.insert(text.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    }
    return is_negative ? '-' + text : text;
}

/// An integer of up to 18 digits, short ones as likely as long ones.
std::int64_t any_integer(std::mt19937_64& random)
{
    const auto value = static_cast<std::int64_t>(random() % 1'000'000'000'000'000'000U);
    auto divisor = std::int64_t{1};
    for (auto i = random() % 19; i > 0; --i) divisor *= 10;
    return random() % 2 == 0 ? value / divisor : -(value / divisor);
}

ocpi::decimal number(std::string_view text)
{
    const auto parsed = ocpi::decimal::parse(text);
    REQUIRE_MESSAGE(parsed, "not a number: ", std::string(text));
    return *parsed;
}

}  // namespace

TEST_CASE("ocpi/base/decimal: spellings of one value are equal")
{
    CHECK(number("41.0") == number("41.00"));
    CHECK(number("41") == number("4.1e1"));
    CHECK(number("0.041E+3") == number("41"));
    CHECK(number("-0.0") == number("0e99"));
    CHECK(number("1e400") == number("10e399"));
    CHECK(number("41.0") != number("41.0000000000000000000000000000000001"));
}

TEST_CASE("ocpi/base/decimal: a value is its digits times a power of ten, however it is spelt")
{
    for (const char* spelling : {"-4.15", "-415e-2", "-4.150", "-0.0415E+2"}) {
        CHECK(number(spelling).digits() == "415");
        CHECK(number(spelling).exponent() == -2);
        CHECK(number(spelling).is_negative());
    }
    CHECK(number("1200").digits() == "12");
    CHECK(number("1200").exponent() == 2);
    CHECK(number("0.00").digits().empty());
    CHECK(number("0e7").exponent() == 0);
}

TEST_CASE("ocpi/base/decimal: values are ordered exactly, whatever their size")
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

TEST_CASE("ocpi/base/decimal: an exponent of any length is harmless")
{
    CHECK(number("1e99999999999999999999999999") > number("9e400"));
    CHECK(number("1e-99999999999999999999999999") < number("1e-400"));
    CHECK(number("0e99999999999999999999999999").is_zero());
}

TEST_CASE("ocpi/base/decimal: only what the JSON grammar calls a number is one")
{
    for (const char* text : {"", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x10", "1 ", " 1",
                             "NaN", "Infinity", "1.2.3", "--1", "1e5.0", "1,5"}) {
        CAPTURE(text);
        CHECK_FALSE(ocpi::decimal::parse(text));
    }
}

TEST_CASE("ocpi/base/decimal: sums, differences and products are those of the integers")
{
    const auto seed = std::random_device()();
    INFO("seed ", seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20'000; ++round) {
        const auto a = any_integer(random);
        const auto b = any_integer(random);
        const auto scale = static_cast<int>(random() % 40) - 20;
        const auto scaled = [scale](int128 value, int times) {
            return number(plain(value) + 'e' + std::to_string(scale * times));
        };
        INFO(a, " and ", b, " times 10^", scale);
        CHECK(scaled(a, 1) + scaled(b, 1) == scaled(int128(a) + b, 1));
        CHECK(scaled(a, 1) - scaled(b, 1) == scaled(int128(a) - b, 1));
        CHECK(scaled(a, 1) * scaled(b, 1) == scaled(int128(a) * b, 2));
        CHECK(number(to_text(scaled(a, 1), random() % 5)) == scaled(a, 1));
        CHECK(((scaled(a, 1) <=> scaled(b, 1)) == (a <=> b)));
    }
}

TEST_CASE("ocpi/base/decimal: numbers of different scale add up exactly")
{
    CHECK(number("2.00") + number("0.5") == number("2.5"));
    CHECK(number("0.1") + number("0.2") == number("0.3"));
    CHECK(number("1e40") + number("1e-40") == number("10000000000000000000000000000000000000000"
                                                     ".0000000000000000000000000000000000000001"));
    CHECK(number("1") - number("1.0") == number("0"));
    CHECK((number("1") - number("1.0")).is_negative() == false);
    CHECK(number("0") - number("0.25") == number("-0.25"));
    CHECK(number("999.99") + number("0.01") == number("1000"));
    CHECK(number("1e999999999") * number("2e-999999999") == number("2"));
    CHECK(number("1e999999999") + number("0") == number("1e999999999"));
}

TEST_CASE("ocpi/base/decimal: scaling moves the point and keeps 0 as it is")
{
    CHECK(number("100015").scaled(-3) == number("100.015"));
    CHECK(number("-4.50").scaled(3) == number("-4500"));
    CHECK(number("7").scaled(0) == number("7"));
    CHECK(number("0.00").scaled(5) == number("0"));
    CHECK(number("1e999999999").scaled(-999999999) == number("1"));
}

TEST_CASE("ocpi/base/decimal: no sum takes the memory that its exponents ask for")
{
    CHECK_THROWS_AS(number("1e999999999") + number("1"), std::length_error);
    CHECK_THROWS_AS(number("1") - number("1e-999999999"), std::length_error);
    CHECK_THROWS_AS(number("1e99999999999999999999") + number("1e-99999999999999999999"),
                    std::length_error);
    CHECK_FALSE(number("1e999999999").fits(100));
    CHECK_FALSE(number("1e-101").fits(100));
    CHECK(number("1e-100").fits(100));
    CHECK(number("9e99").fits(100));
    CHECK_FALSE(number("1e100").fits(100));
    CHECK(number("0e999999999").fits(0));
}

TEST_CASE(
    "ocpi/base/decimal: a number is written plainly, with as many fraction digits as asked for")
{
    CHECK(to_text(number("2.5")) == "2.5");
    CHECK(to_text(number("2.5"), 2) == "2.50");
    CHECK(to_text(number("2.525"), 2) == "2.525");
    CHECK(to_text(number("0"), 0) == "0");
    CHECK(to_text(number("-0.0"), 2) == "0.00");
    CHECK(to_text(number("-0.05"), 1) == "-0.05");
    CHECK(to_text(number("1200"), 0) == "1200");
    CHECK(to_text(number("1.2e3"), 1) == "1200.0");
    CHECK(to_text(number("12e-5")) == "0.00012");
    CHECK(to_text(number("1.5e999")) == "1.5e999");
    CHECK(to_text(number("-2e-999999999"), 2) == "-2e-999999999");
}

}  // namespace decimal_test
