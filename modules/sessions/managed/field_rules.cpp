#include "modules/sessions/managed/field_rules.hpp"

#include <cstdint>

namespace ocpi::sessions::managed {
namespace {

constexpr std::int64_t most_places = 6;

}  // namespace

std::optional<decimal> read_plain_number(json::object_reader& in, std::string_view name)
{
    auto number = in.number(name, json::presence::required);
    if (!number || number->fits(most_places)) return number;
    in.add_problem(name, "may have at most 6 digits before and 6 after its point");
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

}  // namespace ocpi::sessions::managed
