#include "modules/sessions/sampled_value.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace ocpi::sessions {
namespace {

/// Beyond that no number but 0 can be reckoned with.
constexpr std::int64_t max_multiplier = 2 * max_rational_places;

bool take_text(json::value member, std::string_view& text)
{
    if (member.is(json::kind::null)) return true;
    text = member.string();
    return member.is(json::kind::string);
}

bool take_multiplier(json::value member, int& multiplier)
{
    if (member.is(json::kind::null)) return true;
    if (!member.is(json::kind::number)) return false;
    const auto number = decimal::parse(member.text());
    if (!number || number->exponent() < 0) return false;
    const auto text = to_text(*number);
    std::int64_t whole = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (failure != std::errc() || rest != text.data() + text.size()) {
        whole = number->is_negative() ? -max_multiplier : max_multiplier;
    }
    multiplier = static_cast<int>(std::clamp(whole, -max_multiplier, max_multiplier));
    return true;
}

/// OCPP 2.0.1's UnitOfMeasure. What it names counts before `unit`.
bool take_unit_of_measure(json::value sent, sampled_value& read)
{
    if (sent.is(json::kind::null)) return true;
    if (!sent.is(json::kind::object)) return false;
    std::string_view unit;
    for (auto member : sent) {
        const bool is_sound = member.name() == "unit" ? take_text(member, unit)
                              : member.name() == "multiplier"
                                  ? take_multiplier(member, read.multiplier)
                                  : true;
        if (!is_sound) return false;
    }
    if (!unit.empty()) read.unit = unit;
    return true;
}

/// False when it is malformed.
bool take_member(json::value member, sampled_value& read)
{
    const auto name = member.name();
    if (name == "value") {
        read.value = member;
        return member.is(json::kind::string) || member.is(json::kind::number);
    }
    if (name == "context") return take_text(member, read.context);
    if (name == "measurand") return take_text(member, read.measurand);
    if (name == "location") return take_text(member, read.location);
    if (name == "phase") return take_text(member, read.phase);
    if (name == "format") return take_text(member, read.format);
    // It may stand before or after the other.
    if (name == "unit") {
        std::string_view unit;
        const bool is_sound = take_text(member, unit);
        if (read.unit.empty()) read.unit = unit;
        return is_sound;
    }
    return name != "unit_of_measure" || take_unit_of_measure(member, read);
}

/// A number that begins with digits, without its sign and leading zeros.
struct signed_text {
    std::string_view magnitude;
    bool is_negative = false;
};

signed_text split_sign(std::string_view text)
{
    signed_text split;
    split.is_negative = text.starts_with('-');
    if (split.is_negative || text.starts_with('+')) text.remove_prefix(1);
    while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') {
        text.remove_prefix(1);
    }
    split.magnitude = text;
    return split;
}

}  // namespace

std::optional<sampled_value> read_sampled_value(json::value element)
{
    if (!element.is(json::kind::object)) return std::nullopt;
    sampled_value read;
    for (auto member : element) {
        if (!take_member(member, read)) return std::nullopt;
    }
    if (!read.value) return std::nullopt;
    return read;
}

std::optional<decimal> number_of(const sampled_value& read, int exponent)
{
    const bool is_text = read.value->is(json::kind::string);
    const auto [magnitude, is_negative] =
        split_sign(is_text ? read.value->string() : read.value->text());
    // A second sign does not belong to the number.
    if (magnitude.starts_with('-')) return std::nullopt;
    auto number = decimal::parse(magnitude);
    if (!number) return std::nullopt;
    if (is_negative) number = decimal() - *number;
    exponent += read.multiplier;
    const auto is_exponent = [](char c) { return c == 'e' || c == 'E'; };
    const bool has_exponent = std::any_of(magnitude.begin(), magnitude.end(), is_exponent);
    if (exponent == 0 || (has_exponent && !number->fits(max_rational_places))) return number;
    return number->scaled(exponent);
}

}  // namespace ocpi::sessions
