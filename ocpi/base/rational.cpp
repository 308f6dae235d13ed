#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace ocpi {
namespace {

using boost::multiprecision::cpp_int;

constexpr unsigned places_of_endless = 12;

/// This many digits are certain to fit 64 bits.
constexpr std::size_t max_quick_digits = 18;

/// How many times the factor divides the number, which is left without it.
unsigned take_factor(cpp_int& number, unsigned factor)
{
    unsigned times = 0;
    while (number % factor == 0) {
        number /= factor;
        ++times;
    }
    return times;
}

}  // namespace

cpp_int power_of_ten(unsigned exponent)
{
    if (exponent > max_quick_digits) return boost::multiprecision::pow(cpp_int(10), exponent);
    std::int64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return cpp_int(power);
}

cpp_int read_digits(std::string_view digits)
{
    if (digits.size() > max_quick_digits) return cpp_int(std::string(digits));
    std::int64_t value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return cpp_int(value);
}

decimal to_decimal(const cpp_int& number, unsigned places)
{
    static const cpp_int limit = power_of_ten(max_quick_digits);
    if (number < limit && number > -limit) {
        return decimal::of(static_cast<std::int64_t>(number), -static_cast<std::int64_t>(places));
    }
    return *decimal::parse(number.str() + "e-" + std::to_string(places));
}

rational to_rational(const decimal& value)
{
    if (!value.fits(max_rational_places)) {
        throw std::length_error("a decimal number too large or too fine to reckon with");
    }
    if (value.is_zero()) return 0;
    auto amount = read_digits(value.digits());
    if (value.is_negative()) amount = -amount;
    const auto places = -value.exponent();
    if (places <= 0) return rational(amount * power_of_ten(static_cast<unsigned>(-places)));
    return rational(amount, power_of_ten(static_cast<unsigned>(places)));
}

decimal rounded(const rational& value, unsigned places)
{
    cpp_int above = boost::multiprecision::abs(numerator(value)) * power_of_ten(places) * 2;
    const cpp_int& below = denominator(value);
    cpp_int scaled = (above + below) / (below * 2);
    if (value < 0) scaled = -scaled;
    return to_decimal(scaled, places);
}

decimal to_decimal(const rational& value)
{
    cpp_int rest = denominator(value);
    const auto twos = take_factor(rest, 2);
    const auto fives = take_factor(rest, 5);
    const auto places = std::max(twos, fives);
    if (rest != 1 || places > max_rational_places) return rounded(value, places_of_endless);
    return to_decimal(numerator(value) * power_of_ten(places) / denominator(value), places);
}

}  // namespace ocpi
