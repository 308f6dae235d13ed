#include "modules/sessions/preferred_profile.hpp"

namespace ocpi::sessions {

profile_type preferred_profile(const json::document& stored)
{
    constexpr auto otherwise = profile_type::regular;
    if (!stored.root().is(json::kind::object)) return otherwise;
    const auto wished = stored.root().find("charging_preferences");
    if (!wished || !wished->is(json::kind::object)) return otherwise;
    const auto type = wished->find("profile_type");
    if (!type || !type->is(json::kind::string)) return otherwise;
    return parse_profile_type(type->string()).value_or(otherwise);
}

}  // namespace ocpi::sessions
