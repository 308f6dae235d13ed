#include "modules/sessions/access.hpp"

#include <algorithm>

namespace ocpi::sessions {
namespace {

void narrow(std::vector<party>& parties, const std::optional<party>& to)
{
    if (!to) return;
    std::erase_if(parties, [&](const party& candidate) { return !(candidate == *to); });
}

}  // namespace

session_key addressed_session(const http::call& call)
{
    return session_key(call.parameters[0], call.parameters[1], call.parameters[2]);
}

strictness strictness_of(const auth::principal& caller)
{
    return caller.profile == auth::profile::tolerant ? strictness::tolerant : strictness::strict;
}

error no_such_session()
{
    return error(errc::not_found, "there is no such session");
}

bool may_use_as_receiver(const http::call& call)
{
    if (call.caller.kind == auth::caller_kind::platform_operator) return true;
    const auto owner = addressed_session(call).owner();
    if (call.routing.from && !(*call.routing.from == owner)) return false;
    return auth::has_role(call.caller, credentials_role(party_role::cpo, owner));
}

crud::list_query visible_in_sender_list(const http::call& call,
                                        const std::vector<party>& own_cpo_parties)
{
    crud::list_query query;
    query.owners = own_cpo_parties;
    narrow(*query.owners, call.routing.to);
    if (call.caller.kind != auth::caller_kind::platform_operator) {
        query.emsps = auth::parties_in_role(call.caller, party_role::emsp);
        narrow(*query.emsps, call.routing.from);
    }
    return query;
}

}  // namespace ocpi::sessions
