#pragma once

#include "ocpi/base/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <string_view>

namespace ocpi {

/// An exact fraction, for divided values: a price by 1 + vat, an energy spread over minutes.
using rational = boost::multiprecision::cpp_rational;

/// Maximum places on either side of the decimal point for a number converted to a rational.
inline constexpr std::int64_t max_rational_places = 200;

/// The same for prices, volumes and percentages, so that products of two of them, and sums of
/// these, still convert. Values with more places are treated as missing.
inline constexpr std::int64_t max_factor_places = 90;

boost::multiprecision::cpp_int power_of_ten(unsigned exponent);

/// The number written by these decimal digits, of which there is at least one.
boost::multiprecision::cpp_int read_digits(std::string_view digits);

/// Exact. Throws std::length_error when the number does not fit max_rational_places: check received
/// values with decimal::fits first.
rational to_rational(const decimal& value);

/// The number rounded to at most that many decimals, half away from zero; exact when it needs no
/// more.
decimal rounded(const rational& value, unsigned places);

/// All digits of a number whose expansion ends within 200 places; others are rounded half away from
/// zero at the 12th.
decimal to_decimal(const rational& value);

/// The value number × 10^-places.
decimal to_decimal(const boost::multiprecision::cpp_int& number, unsigned places);

}  // namespace ocpi
