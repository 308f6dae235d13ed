#pragma once

#include "ocpi/base/decimal.hpp"

#include <cstdint>

namespace ocpi {

/// Adds up decimals: the same as operator+, sooner where they and their sum have few digits. Both
/// functions throw std::length_error where the sum would have too many.
class decimal_sum {
public:
    void add(const decimal& value);
    decimal value() const { return beyond_ + decimal::of(units_, exponent_); }

private:
    bool add_to_units(const decimal& value) noexcept;

    /// A part of the sum is units_ × 10^exponent_, of at most 17 digits.
    std::int64_t units_ = 0;
    std::int64_t exponent_ = 0;
    /// The rest of it.
    decimal beyond_;
};

}  // namespace ocpi
