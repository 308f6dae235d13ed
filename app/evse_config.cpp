#include "app/evse_config.hpp"

#include "modules/sessions/profile_type.hpp"
#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ocpi::app {
namespace {

/// A CiString(36) of OCPI, or `*`.
std::string read_identifier(table_reader& in, const char* key)
{
    constexpr std::size_t max_length = 36;
    auto identifier = in.required_text(key);
    if (identifier.empty() || identifier.size() > max_length || !is_printable_ascii(identifier)) {
        in.note(key, "must have 1 to 36 printable ASCII characters, or be \"*\" for any");
    }
    return identifier;
}

void read_profile_types(table_reader& in, sessions::evse& read)
{
    for (const auto& name : in.texts("profile_types")) {
        const auto type = sessions::parse_profile_type(name);
        if (type) {
            read.profile_types.push_back(*type);
        } else {
            in.note("profile_types",
                    "has \"" + name + "\"; there are CHEAP, FAST, GREEN and REGULAR");
        }
    }
}

void read_requirements(table_reader& in, sessions::evse& read)
{
    for (const auto& name : in.texts("requires")) {
        if (name == "departure_time") {
            read.requires_departure_time = true;
        } else if (name == "energy_need") {
            read.requires_energy_need = true;
        } else {
            in.note("requires", "has \"" + name + "\"; there are departure_time and energy_need");
        }
    }
}

void read_tariff_ids(table_reader& in, sessions::evse& read)
{
    in.table("tariff_ids", [&](table_reader& ids) {
        for (const auto name : sessions::profile_type_names) {
            auto id = ids.text(std::string(name));
            if (id) read.tariff_ids[*sessions::parse_profile_type(name)] = std::move(*id);
        }
    });
}

}  // namespace

sessions::configured_evse read_evse(table_reader& in)
{
    sessions::configured_evse described;
    const auto country_code = in.required_text("country_code");
    const auto party_id = in.required_text("party_id");
    if (country_code.size() != 2) in.note("country_code", "must have 2 characters");
    if (party_id.size() != 3) in.note("party_id", "must have 3 characters");
    described.owner = party(country_code, party_id);
    described.location_id = read_identifier(in, "location_id");
    described.evse_uid = read_identifier(in, "evse_uid");
    described.evse.capabilities = in.texts("capabilities");
    read_profile_types(in, described.evse);
    read_requirements(in, described.evse);
    described.evse.max_power_kw = in.positive_number("max_power_kw");
    if (const auto zone = in.zone("time_zone")) described.evse.time_zone = zone->name();
    read_tariff_ids(in, described.evse);
    return described;
}

bool describes_the_same(const sessions::configured_evse& a, const sessions::configured_evse& b)
{
    return a.owner == b.owner && equal_ignoring_case(a.location_id, b.location_id) &&
           equal_ignoring_case(a.evse_uid, b.evse_uid);
}

}  // namespace ocpi::app
