#include "auth/principal.hpp"

#include <algorithm>

namespace ocpi::auth {

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
