#include "ocpi/base/decimal_sum.hpp"

#include <algorithm>
#include <array>

namespace ocpi {
namespace {

constexpr int max_places = 17;

constexpr auto powers_of_ten = [] {
    std::array<std::int64_t, max_places + 1> powers{1};
    for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
    return powers;
}();

constexpr std::int64_t end_of_units = powers_of_ten[max_places];

/// number × 10^places, unless it has too many digits.
bool scale(std::int64_t& number, std::int64_t places) noexcept
{
    if (number == 0 || places == 0) return true;
    if (places > max_places) return false;
    const auto factor = powers_of_ten[static_cast<std::size_t>(places)];
    const auto end = end_of_units / factor;
    if (number >= end || number <= -end) return false;
    number *= factor;
    return true;
}

}  // namespace

void decimal_sum::add(const decimal& value)
{
    if (!add_to_units(value)) beyond_ = beyond_ + value;
}

bool decimal_sum::add_to_units(const decimal& value) noexcept
{
    const auto digits = value.digits();
    if (digits.size() > max_places) return false;
    std::int64_t number = 0;
    for (const char digit : digits) number = number * 10 + (digit - '0');
    if (value.is_negative()) number = -number;
    const auto exponent = std::min(exponent_, value.exponent());
    auto units = units_;
    // Differences of exponents of this size do not overflow: a decimal's are bounded.
    if (!scale(units, exponent_ - exponent)) return false;
    if (!scale(number, value.exponent() - exponent)) return false;
    const auto sum = units + number;
    if (sum >= end_of_units || sum <= -end_of_units) return false;
    units_ = sum;
    exponent_ = exponent;
    return true;
}

}  // namespace ocpi
