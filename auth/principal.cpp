#include "auth/principal.hpp"

#include <algorithm>

namespace ocpi::auth {

std::string_view to_string(caller_kind kind) noexcept
{
    switch (kind) {
        case caller_kind::partner: return "partner";
        case caller_kind::platform_operator: return "operator";
        case caller_kind::driver: return "driver";
    }
    return "partner";
}

std::optional<caller_kind> parse_caller_kind(std::string_view text) noexcept
{
    for (auto kind : {caller_kind::partner, caller_kind::platform_operator, caller_kind::driver}) {
        if (text == to_string(kind)) return kind;
    }
    return {};
}

std::string_view to_string(profile strictness) noexcept
{
    return strictness == profile::tolerant ? "tolerant" : "strict";
}

std::optional<profile> parse_profile(std::string_view text) noexcept
{
    for (auto strictness : {profile::strict, profile::tolerant}) {
        if (text == to_string(strictness)) return strictness;
    }
    return {};
}

std::vector<party> parties_in_role(const principal& caller, party_role role)
{
    std::vector<party> parties;
    for (const auto& entry : caller.roles) {
        if (entry.role == role) parties.push_back(entry.party);
    }
    return parties;
}

bool has_role(const principal& caller, const credentials_role& wanted)
{
    return std::find(caller.roles.begin(), caller.roles.end(), wanted) != caller.roles.end();
}

}  // namespace ocpi::auth
