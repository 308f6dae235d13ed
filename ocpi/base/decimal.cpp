#include "ocpi/base/decimal.hpp"

#include "ocpi/base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ocpi {
namespace {

/// Exponents beyond this are all held to be this large: a text that short cannot name them apart
/// in any way that matters, and adding to them cannot overflow.
constexpr std::int64_t max_exponent = 10'000'000'000'000'000;

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
    for (char c : digits) value = std::min(value * 10 + (c - '0'), max_exponent);
    return negative ? -value : value;
}

void require_digits(std::int64_t count)
{
    if (count > static_cast<std::int64_t>(decimal::max_digits)) {
        throw std::length_error("a decimal number of too many digits");
    }
}

/// Non-negative integers of equal length, as digits; the sum may be one digit longer.
std::string add_digits(std::string a, const std::string& b)
{
    int carry = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int sum = (a[i] - '0') + (b[i] - '0') + carry;
        a[i] = static_cast<char>('0' + sum % 10);
        carry = sum / 10;
    }
    if (carry != 0) a.insert(a.begin(), '1');
    return a;
}

/// The same for a - b; needs a >= b.
std::string subtract_digits(std::string a, const std::string& b)
{
    int borrow = 0;
    for (std::size_t i = a.size(); i-- > 0;) {
        const int difference = a[i] - b[i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        a[i] = static_cast<char>('0' + difference + borrow * 10);
    }
    return a;
}

/// So many digits, and the sum of two such numbers, fit an integer of 64 bits.
constexpr std::int64_t digits_of_integer = 17;

std::int64_t to_integer(const std::string& digits, std::int64_t zeros, bool negative)
{
    std::int64_t value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    for (; zeros > 0; --zeros) value *= 10;
    return negative ? -value : value;
}

std::string multiply_digits(const std::string& a, const std::string& b)
{
    std::string product(a.size() + b.size(), '0');
    for (std::size_t i = a.size(); i-- > 0;) {
        int carry = 0;
        for (std::size_t j = b.size(); j-- > 0;) {
            const int sum = (a[i] - '0') * (b[j] - '0') + (product[i + j + 1] - '0') + carry;
            product[i + j + 1] = static_cast<char>('0' + sum % 10);
            carry = sum / 10;
        }
        product[i] = static_cast<char>('0' + carry);
    }
    return product;
}

}  // namespace

decimal decimal::make(bool negative, std::string_view digits, std::int64_t exponent)
{
    while (!digits.empty() && digits.front() == '0') digits.remove_prefix(1);
    if (digits.empty()) return {};
    const auto magnitude = exponent + static_cast<std::int64_t>(digits.size());
    while (digits.back() == '0') digits.remove_suffix(1);
    return {negative, magnitude, digits};
}

decimal decimal::of(std::int64_t number, std::int64_t exponent)
{
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> text;
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number < 0 ? -number : number).ptr;
    const auto length = static_cast<std::size_t>(end - text.data());
    return make(number < 0, std::string_view(text.data(), length), exponent);
}

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

    if (fraction.empty()) return make(negative, whole, exponent);
    return make(negative, std::string(whole).append(fraction),
                exponent - static_cast<std::int64_t>(fraction.size()));
}

decimal decimal::scaled(std::int64_t places) const
{
    auto value = *this;
    if (!is_zero()) value.magnitude_ += places;
    return value;
}

bool decimal::fits(std::int64_t places) const noexcept
{
    return is_zero() || (magnitude_ <= places && lowest() >= -places);
}

std::string decimal::digits_down_to(std::int64_t exponent) const
{
    auto digits = digits_;
    digits.append(static_cast<std::size_t>(lowest() - exponent), '0');
    return digits;
}

decimal operator+(const decimal& a, const decimal& b)
{
    if (a.is_zero()) return b;
    if (b.is_zero()) return a;
    const auto exponent = std::min(a.lowest(), b.lowest());
    const auto length = std::max(a.magnitude_, b.magnitude_) - exponent;
    require_digits(length);
    if (length <= digits_of_integer) {
        const auto sum = to_integer(a.digits_, a.lowest() - exponent, a.negative_) +
                         to_integer(b.digits_, b.lowest() - exponent, b.negative_);
        return decimal::of(sum, exponent);
    }
    auto first = a.digits_down_to(exponent);
    auto second = b.digits_down_to(exponent);
    first.insert(0, static_cast<std::size_t>(length) - first.size(), '0');
    second.insert(0, static_cast<std::size_t>(length) - second.size(), '0');
    if (a.negative_ == b.negative_) {
        return decimal::make(a.negative_, add_digits(std::move(first), second), exponent);
    }
    if (first < second) {
        return decimal::make(b.negative_, subtract_digits(std::move(second), first), exponent);
    }
    return decimal::make(a.negative_, subtract_digits(std::move(first), second), exponent);
}

decimal operator-(const decimal& a, const decimal& b)
{
    auto negated = b;
    negated.negative_ = !b.negative_ && !b.is_zero();
    return a + negated;
}

decimal operator*(const decimal& a, const decimal& b)
{
    if (a.is_zero() || b.is_zero()) return {};
    const auto length = static_cast<std::int64_t>(a.digits_.size() + b.digits_.size());
    require_digits(length);
    if (length <= digits_of_integer) {
        return decimal::of(
            to_integer(a.digits_, 0, a.negative_) * to_integer(b.digits_, 0, b.negative_),
            a.lowest() + b.lowest());
    }
    return decimal::make(a.negative_ != b.negative_, multiply_digits(a.digits_, b.digits_),
                         a.lowest() + b.lowest());
}

std::string to_text(const decimal& value, std::size_t min_fraction_digits)
{
    constexpr std::int64_t max_places = 400;
    std::string text = value.negative_ ? "-" : "";
    const auto& digits = value.digits_;
    if (!value.fits(max_places)) {
        text += digits[0];
        if (digits.size() > 1) text.append(".").append(digits, 1);
        return text.append("e").append(std::to_string(value.magnitude_ - 1));
    }
    const auto whole = static_cast<std::size_t>(std::max<std::int64_t>(value.magnitude_, 0));
    const auto lowest = std::min<std::int64_t>(value.is_zero() ? 0 : value.lowest(), 0);
    auto all = value.is_zero() ? std::string() : value.digits_down_to(lowest);
    // From here on `all` is the number without its point: `whole` digits before it, the rest after.
    const auto fraction = static_cast<std::size_t>(-lowest);
    if (all.size() < whole + fraction) all.insert(0, whole + fraction - all.size(), '0');
    text.append(whole == 0 ? "0" : all.substr(0, whole));
    if (std::max(fraction, min_fraction_digits) == 0) return text;
    text.append(".").append(all, whole);
    if (fraction < min_fraction_digits) text.append(min_fraction_digits - fraction, '0');
    return text;
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
