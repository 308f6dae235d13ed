#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi {

/// The exact value of a JSON number, of any size and precision: money, energy and hours are
/// never held in binary floating point. `41.0`, `41.00` and `4.1e1` are the same value; whoever
/// needs the spelling keeps the JSON text.
class decimal {
public:
    /// Zero.
    decimal() = default;

    /// Nothing when the text is not a number by the JSON grammar (RFC 8259 section 6).
    static std::optional<decimal> parse(std::string_view text);

    bool is_negative() const noexcept { return negative_; }
    bool is_zero() const noexcept { return digits_.empty(); }

    /// The same text for every spelling of one value, such as `-0.415e3`.
    std::string canonical() const;

    friend std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept;
    friend bool operator==(const decimal& a, const decimal& b) noexcept = default;

private:
    // value = ±0.d1d2d3… × 10^magnitude_, with d1 and the last digit not '0'; zero has no
    // digits, no sign and magnitude 0. So equal values have equal members.
    bool negative_ = false;
    std::int64_t magnitude_ = 0;
    std::string digits_;
};

}  // namespace ocpi
