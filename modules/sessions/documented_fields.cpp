#include "modules/sessions/documented_fields.hpp"

#include "modules/sessions/session_2_2_1.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <unordered_map>

namespace ocpi::sessions {
namespace {

using json::kind;
using json::value;
using names = std::span<const std::string_view>;

bool is_among(names all, std::string_view wanted)
{
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

/// A member of a class of its own, or a list of such: what OCPI documents within.
struct documented_class {
    std::string_view member;
    names fields;
};

constexpr std::array<std::string_view, 5> cdr_token_fields{"country_code", "party_id", "uid",
                                                           "type", "contract_id"};
constexpr std::array<std::string_view, 2> price_fields{"before_taxes", "taxes"};
constexpr std::array<std::string_view, 4> tax_fields{"name", "account_number", "percentage",
                                                     "amount"};
constexpr std::array<std::string_view, 3> period_fields{"start_date_time", "dimensions",
                                                        "tariff_id"};
constexpr std::array<std::string_view, 2> dimension_fields{"type", "volume"};

const documented_class* find_class(std::string_view member)
{
    static constexpr std::array<documented_class, 5> classes{{
        {"cdr_token", cdr_token_fields},
        {"total_cost", price_fields},
        {"taxes", tax_fields},
        {"charging_periods", period_fields},
        {"dimensions", dimension_fields},
    }};
    const auto found = std::find_if(
        classes.begin(), classes.end(),
        [member](const documented_class& candidate) { return candidate.member == member; });
    return found == classes.end() ? nullptr : &*found;
}

bool same_instant(value a, value b)
{
    const auto first = parse_date_time(a.string());
    const auto second = parse_date_time(b.string());
    return first && second && first->value == second->value;
}

bool same_token_type(value a, value b)
{
    return token_type_2_2_1(a.string()) == token_type_2_2_1(b.string()) &&
           (a.string() == b.string() || a.string() == "OTHER" || b.string() == "OTHER");
}

/// A field of the Session or of one of its classes that has no members itself.
bool same_scalar(std::string_view name, value a, value b)
{
    constexpr std::array<std::string_view, 3> date_times{"start_date_time", "end_date_time",
                                                         "last_updated"};
    constexpr std::array<std::string_view, 9> ci_strings{
        "country_code", "party_id",     "id",  "authorization_reference", "location_id",
        "evse_uid",     "connector_id", "uid", "tariff_id"};
    if (json::same(a, b, json::number_equality::amount)) return true;
    if (!a.is(kind::string) || !b.is(kind::string)) return false;
    if (is_among(date_times, name)) return same_instant(a, b);
    if (name == "contract_id") {
        return is_same_contract(ci_string(std::string(a.string())),
                                ci_string(std::string(b.string())));
    }
    return is_among(ci_strings, name) && equal_ignoring_case(a.string(), b.string());
}

bool same_value(std::string_view name, const documented_class* within, value a, value b,
                compared_members compared);

/// Indexed, because a search per member would take quadratic time on a hostile object.
bool same_objects(const documented_class* of, value a, value b, compared_members compared)
{
    const auto counts = [&](value member) {
        if (is_unset(member)) return false;
        return compared == compared_members::all || (of && is_among(of->fields, member.name()));
    };
    std::unordered_map<std::string_view, value> remaining;
    for (auto member : b) {
        if (counts(member)) remaining.emplace(member.name(), member);
    }
    for (auto member : a) {
        if (!counts(member)) continue;
        const auto other = remaining.find(member.name());
        if (other == remaining.end()) return false;
        if (!same_value(member.name(), of, member, other->second, compared)) return false;
        remaining.erase(other);
    }
    return remaining.empty();
}

/// `within` is the class that the member belongs to; nullptr within what OCPI does not document.
bool same_value(std::string_view name, const documented_class* within, value a, value b,
                compared_members compared)
{
    const bool is_documented = within && is_among(within->fields, name);
    const auto* own_class = is_documented ? find_class(name) : nullptr;
    if (a.is(kind::object) && b.is(kind::object)) return same_objects(own_class, a, b, compared);
    if (a.is(kind::array) && b.is(kind::array)) {
        return a.size() == b.size() &&
               std::equal(a.begin(), a.end(), b.begin(), [&](value x, value y) {
                   return same_value(name, within, x, y, compared);
               });
    }
    if (!is_documented) return json::same(a, b, json::number_equality::amount);
    if (name == "type" && within->member == "cdr_token") return same_token_type(a, b);
    return same_scalar(name, a, b);
}

constexpr std::array<std::string_view, 18> session_fields{
    "country_code",    "party_id",      "id",
    "start_date_time", "end_date_time", "kwh",
    "cdr_token",       "auth_method",   "authorization_reference",
    "location_id",     "evse_uid",      "connector_id",
    "meter_id",        "currency",      "charging_periods",
    "total_cost",      "status",        "last_updated"};

constexpr documented_class session_class{"", session_fields};

}  // namespace

bool is_session_field(std::string_view name) noexcept
{
    return is_among(session_fields, name);
}

bool is_unset(value member)
{
    if (member.is(kind::null)) return true;
    const auto name = member.name();
    const bool is_list = as_timed_list(name) || name == "taxes" || name == "dimensions";
    return is_list && member.is(kind::array) && member.size() == 0;
}

bool means_the_same(std::string_view name, value a, value b, compared_members compared)
{
    return same_value(name, &session_class, a, b, compared);
}

}  // namespace ocpi::sessions
