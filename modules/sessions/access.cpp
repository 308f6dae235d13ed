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

bool may_use_as_receiver(const auth::principal& caller, const party& owner)
{
    if (caller.kind == auth::caller_kind::platform_operator) return true;
    return auth::has_role(caller, credentials_role(party_role::cpo, owner));
}

bool concerns_caller(const auth::principal& caller, const crud::record& stored)
{
    const auto& emsp = stored.document.emsp;
    return emsp && auth::has_role(caller, credentials_role(party_role::emsp, *emsp));
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
