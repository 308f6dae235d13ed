#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi {

/// The exact value of a JSON number of any size and precision: money, energy and hours are never
/// held in binary floating point. `41.0`, `41.00` and `4.1e1` are the same value; keep the JSON
/// text to preserve the spelling.
class decimal {
public:
    /// Zero.
    decimal() = default;

    /// std::nullopt when the text is not a JSON number (RFC 8259 section 6).
    static std::optional<decimal> parse(std::string_view text);

    /// The value number × 10^exponent; not for the lowest std::int64_t.
    static decimal of(std::int64_t number, std::int64_t exponent);

    bool is_negative() const noexcept { return negative_; }
    bool is_zero() const noexcept { return digits_.empty(); }

    /// The same text for every spelling of one value, such as `-0.415e3`.
    std::string canonical() const;

    /// The value is ±digits × 10^exponent, with digits that neither begin nor end with '0': 415 and
    /// -2 for -4.15. Zero has no digits.
    std::string_view digits() const noexcept { return digits_; }
    std::int64_t exponent() const noexcept { return lowest(); }

    /// True if every digit except leading and trailing zeros is within that many places of the
    /// decimal point, on either side.
    bool fits(std::int64_t places) const noexcept;

    /// The value × 10^places.
    decimal scaled(std::int64_t places) const;

    /// Exact. Throw std::length_error when the result would have more than max_digits digits, such
    /// as 1e999999999 + 1: check received values with fits() first.
    friend decimal operator+(const decimal& a, const decimal& b);
    friend decimal operator-(const decimal& a, const decimal& b);
    friend decimal operator*(const decimal& a, const decimal& b);
    static constexpr std::size_t max_digits = 10'000;

    friend std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept;
    friend bool operator==(const decimal& a, const decimal& b) noexcept = default;

private:
    friend std::string to_text(const decimal& value, std::size_t min_fraction_digits);

    decimal(bool negative, std::int64_t magnitude, std::string_view digits)
        : negative_(negative), magnitude_(magnitude), digits_(digits)
    {
    }

    /// The value ±digits × 10^exponent.
    static decimal make(bool negative, std::string_view digits, std::int64_t exponent);
    /// Exponent of the last digit: 10^lowest().
    std::int64_t lowest() const noexcept
    {
        return magnitude_ - static_cast<std::int64_t>(digits_.size());
    }
    /// The digits down to that of 10^exponent; needs exponent <= lowest().
    std::string digits_down_to(std::int64_t exponent) const;

    // value = ±0.d1d2d3… × 10^magnitude_, with d1 and the last digit not '0'; zero has no
    // digits, no sign and magnitude 0. So equal values have equal members.
    bool negative_ = false;
    std::int64_t magnitude_ = 0;
    std::string digits_;
};

/// The number as JSON text with all its digits, and zeros up to `min_fraction_digits`: `2.50`.
/// Without an exponent, unless the value does not fit 400 places: then `1.5e999`, without zeros.
std::string to_text(const decimal& value, std::size_t min_fraction_digits = 0);

}  // namespace ocpi
