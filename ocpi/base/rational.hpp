#pragma once

#include "ocpi/base/decimal.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>

namespace ocpi {

/// An exact fraction, for what is divided: a price by 1 + vat, an energy spread over minutes.
using rational = boost::multiprecision::cpp_rational;

/// How many places a number may have on either side of its point to become a rational.
inline constexpr std::int64_t max_rational_places = 200;

/// And how many prices, volumes and percentages may: the products of two of them, and sums of
/// these, still become rationals. Whatever has more counts as missing: nobody pays by it.
inline constexpr std::int64_t max_factor_places = 90;

/// Exact. Throws std::length_error when the number does not fit max_rational_places: whoever
/// reckons with what others have sent asks decimal::fits first.
rational to_rational(const decimal& value);

/// The number with at most that many places after its point, the last one rounded half away from
/// zero; exact when it needs no more.
decimal rounded(const rational& value, unsigned places);

/// All digits of a number whose expansion ends within 200 places; another is rounded half away
/// from zero at the 12th.
decimal to_decimal(const rational& value);

}  // namespace ocpi
