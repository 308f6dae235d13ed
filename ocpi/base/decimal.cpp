#include "ocpi/base/decimal.hpp"

#include <algorithm>

namespace ocpi {
namespace {

/// Exponents beyond this are all held to be this large: a text that short cannot name them apart
/// in any way that matters, and adding to them cannot overflow.
constexpr std::int64_t largest_exponent = 1'000'000'000'000'000'000;

bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest)
{
    const auto end = std::find_if_not(rest.begin(), rest.end(), is_digit);
    const auto run = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    rest.remove_prefix(run.size());
    return run;
}

bool take(std::string_view& rest, char wanted)
{
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
}

std::int64_t read_exponent(std::string_view digits, bool negative)
{
    std::int64_t value = 0;
    for (char c : digits) value = std::min(value * 10 + (c - '0'), largest_exponent / 100);
    return negative ? -value : value;
}

}  // namespace

std::optional<decimal> decimal::parse(std::string_view text)
{
    const bool negative = take(text, '-');
    const auto whole = take_digits(text);
    if (whole.empty() || (whole.size() > 1 && whole.front() == '0')) return {};

    std::string_view fraction;
    if (take(text, '.')) {
        fraction = take_digits(text);
        if (fraction.empty()) return {};
    }
    std::int64_t exponent = 0;
    if (take(text, 'e') || take(text, 'E')) {
        const bool negative_exponent = take(text, '-');
        if (!negative_exponent) take(text, '+');
        const auto digits = take_digits(text);
        if (digits.empty()) return {};
        exponent = read_exponent(digits, negative_exponent);
    }
    if (!text.empty()) return {};

    decimal value;
    value.digits_.append(whole).append(fraction);
    const auto first = value.digits_.find_first_not_of('0');
    if (first == std::string::npos) return decimal();
    value.digits_.erase(value.digits_.find_last_not_of('0') + 1);
    value.digits_.erase(0, first);
    value.magnitude_ =
        exponent + static_cast<std::int64_t>(whole.size()) - static_cast<std::int64_t>(first);
    value.negative_ = negative;
    return value;
}

std::string decimal::canonical() const
{
    if (is_zero()) return "0";
    std::string text = negative_ ? "-0." : "0.";
    return text.append(digits_).append("e").append(std::to_string(magnitude_));
}

std::strong_ordering operator<=>(const decimal& a, const decimal& b) noexcept
{
    if (a == b) return std::strong_ordering::equal;
    if (a.negative_ != b.negative_) {
        return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    if (a.is_zero() || b.is_zero()) {
        const bool a_is_larger = b.is_zero() != a.negative_;
        return a_is_larger ? std::strong_ordering::greater : std::strong_ordering::less;
    }
    const auto by_size = a.magnitude_ != b.magnitude_ ? a.magnitude_ <=> b.magnitude_
                                                      : a.digits_.compare(b.digits_) <=> 0;
    return a.negative_ ? 0 <=> by_size : by_size;
}

}  // namespace ocpi
