#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::metering {

using boost::multiprecision::cpp_int;

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
    return to_decimal(number.amount, number.places);
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
