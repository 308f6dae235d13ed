#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/rational.hpp"

#include <boost/multiprecision/cpp_int.hpp>

namespace ocpi::metering {

/// The number amount × 10^-places: adds and compares much faster than a decimal while all have the
/// same places.
struct fixed_point {
    boost::multiprecision::cpp_int amount;
    unsigned places = 0;
};

/// Exact, with the fewest places possible. Only for numbers that fit max_rational_places.
fixed_point to_fixed_point(const decimal& value);

/// The amount of the same number with `places` places, at least those it has.
boost::multiprecision::cpp_int amount_at(fixed_point number, unsigned places);

decimal decimal_of(const fixed_point& number);

/// Approximates above / below, neither negative; infinite when beyond a double.
double approximate(const boost::multiprecision::cpp_int& above,
                   const boost::multiprecision::cpp_int& below);

}  // namespace ocpi::metering
