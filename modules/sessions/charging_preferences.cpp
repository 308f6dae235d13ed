#include "modules/sessions/charging_preferences.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/field_reader.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace ocpi::sessions {
namespace {

using json::presence;

/// In the order of the enumeration.
constexpr std::array<std::string_view, 5> response_names{"ACCEPTED", "DEPARTURE_REQUIRED",
                                                         "ENERGY_NEED_REQUIRED", "NOT_POSSIBLE",
                                                         "PROFILE_TYPE_NOT_SUPPORTED"};

charging_preferences read_fields(json::object_reader& in)
{
    charging_preferences read;
    const auto profile = in.one_of("profile_type", profile_type_names, presence::required);
    if (profile) read.profile = static_cast<profile_type>(*profile);
    read.departure_time = in.timestamp("departure_time", presence::optional);
    read.energy_need = in.number("energy_need", presence::optional);
    if (read.energy_need && read.energy_need->is_negative()) {
        in.add_problem("energy_need", "must not be negative");
    }
    read.discharge_allowed = in.boolean("discharge_allowed", presence::optional).value_or(false);
    return read;
}

/// True when the energy is more than the EVSE can deliver between now and the departure.
bool is_too_much(const charging_preferences& wished, const evse& where, date_time now)
{
    if (!wished.energy_need || !wished.departure_time || !where.max_power_kw) return false;
    const auto milliseconds = wished.departure_time->milliseconds() - now.milliseconds();
    const auto time = decimal::parse(std::to_string(milliseconds)).value_or(decimal());
    const auto hour = decimal::parse("3600000").value_or(decimal());
    return *wished.energy_need * hour > *where.max_power_kw * time;
}

}  // namespace

result<charging_preferences> read_charging_preferences(std::string_view body, strictness strict)
{
    // It becomes a member of the session, one level deeper.
    const auto document = json::parse(body, json::max_depth - 1);
    if (document.has_error()) return document.error();
    json::diagnostics findings(leniency_of(strict));
    json::check_numbers(*document, findings);
    charging_preferences read;
    if (auto root = json::object_reader::of_root(*document, findings)) read = read_fields(*root);
    if (!findings.problems().empty()) return findings.to_error();
    read.json = findings.apply_replacements(*document);
    read.tolerated = findings.tolerated();
    return read;
}

std::string_view to_string(preferences_response response) noexcept
{
    return response_names[static_cast<std::size_t>(response)];
}

std::optional<preferences_response> parse_preferences_response(std::string_view text) noexcept
{
    const auto* const found = std::find(response_names.begin(), response_names.end(), text);
    if (found == response_names.end()) return {};
    return static_cast<preferences_response>(found - response_names.begin());
}

bool takes_charging_preferences(const evse& where)
{
    return std::find(where.capabilities.begin(), where.capabilities.end(),
                     "CHARGING_PREFERENCES_CAPABLE") != where.capabilities.end();
}

preferences_response judge(const charging_preferences& wished, const evse& where,
                           session_status status, date_time now)
{
    using enum preferences_response;
    const auto& offered = where.profile_types;
    if (std::find(offered.begin(), offered.end(), wished.profile) == offered.end()) {
        return profile_type_not_supported;
    }
    if (is_over(status)) return not_possible;
    if (wished.departure_time && *wished.departure_time < now) return not_possible;
    if (wished.profile != profile_type::fast) {
        if (where.requires_departure_time && !wished.departure_time) return departure_required;
        if (where.requires_energy_need && !wished.energy_need) return energy_need_required;
    }
    return is_too_much(wished, where, now) ? not_possible : accepted;
}

}  // namespace ocpi::sessions
