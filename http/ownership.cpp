#include "http/ownership.hpp"

namespace ocpi::http {

bool is_from_operator(const call& call)
{
    return call.caller.kind == auth::caller_kind::platform_operator;
}

bool acts_for_cpo(const call& call, const party& owner)
{
    if (is_from_operator(call)) return true;
    if (call.routing.from && !(*call.routing.from == owner)) return false;
    return auth::has_role(call.caller, credentials_role(party_role::cpo, owner));
}

bool is_broadcast_of_cpo(const call& call, const party& owner)
{
    const auto& from = call.routing.from;
    return from && auth::has_role(call.caller, credentials_role(party_role::other, *from)) &&
           auth::has_role(call.caller, credentials_role(party_role::cpo, owner));
}

std::vector<party> narrowed(std::vector<party> parties, const std::optional<party>& to)
{
    if (to) std::erase_if(parties, [&](const party& each) { return !(each == *to); });
    return parties;
}

}  // namespace ocpi::http
