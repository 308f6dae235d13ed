#include "modules/managed/field_rules.hpp"

namespace ocpi::managed {

std::optional<decimal> read_plain_number(json::object_reader& in, std::string_view name)
{
    static const auto least = decimal::parse("0.000001").value_or(decimal());
    static const auto too_much = decimal::parse("1000000").value_or(decimal());
    auto number = in.number(name, json::presence::required);
    if (!number || number->is_zero()) return number;
    const auto size = number->is_negative() ? decimal() - *number : *number;
    if (size >= least && size < too_much) return number;
    in.add_problem(name, "must be 0, or from 0.000001 to below 1000000");
    return {};
}

std::optional<decimal> read_percent(json::object_reader& in, std::string_view name)
{
    static const auto hundred = decimal::parse("100").value_or(decimal());
    auto percent = read_plain_number(in, name);
    if (!percent) return {};
    if (percent->is_negative() || *percent > hundred) {
        in.add_problem(name, "must be a percentage from 0 to 100");
        return {};
    }
    return percent;
}

}  // namespace ocpi::managed
