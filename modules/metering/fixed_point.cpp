#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::metering {
namespace {

using boost::multiprecision::cpp_int;

/// This many digits are certain to fit 64 bits.
constexpr std::size_t max_quick_digits = 18;

cpp_int read_digits(std::string_view digits)
{
    if (digits.size() > max_quick_digits) return cpp_int(std::string(digits));
    std::int64_t value = 0;
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return cpp_int(value);
}

}  // namespace

cpp_int power_of_ten(unsigned exponent)
{
    if (exponent > max_quick_digits) return boost::multiprecision::pow(cpp_int(10), exponent);
    std::int64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return cpp_int(power);
}

fixed_point to_fixed_point(const decimal& value)
{
    if (value.is_zero()) return {};
    const auto exponent = static_cast<int>(value.exponent());
    fixed_point number;
    number.amount = read_digits(value.digits());
    if (exponent < 0) {
        number.places = static_cast<unsigned>(-exponent);
    } else {
        number.amount *= power_of_ten(static_cast<unsigned>(exponent));
    }
    if (value.is_negative()) number.amount = -number.amount;
    return number;
}

cpp_int amount_at(fixed_point number, unsigned places)
{
    if (places > number.places) number.amount *= power_of_ten(places - number.places);
    return std::move(number.amount);
}

decimal decimal_of(const fixed_point& number)
{
    return *decimal::parse(number.amount.str() + "e-" + std::to_string(number.places));
}

double approximate(const cpp_int& above, const cpp_int& below)
{
    if (above.is_zero()) return 0;
    // Beyond a double's range the conversion throws.
    constexpr unsigned max_bits = 1000;
    const auto bits = std::max(msb(above), msb(below));
    if (bits < max_bits) return above.convert_to<double>() / below.convert_to<double>();
    const auto excess = bits - max_bits;
    const cpp_int divisor = below >> excess;
    if (divisor.is_zero()) return std::numeric_limits<double>::infinity();
    return cpp_int(above >> excess).convert_to<double>() / divisor.convert_to<double>();
}

}  // namespace ocpi::metering
