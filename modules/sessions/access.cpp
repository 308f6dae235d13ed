#include "modules/sessions/access.hpp"

#include "http/ownership.hpp"

namespace ocpi::sessions {

crud::object_key addressed_session(const http::call& call)
{
    return crud::object_key(call.parameters[0], call.parameters[1], call.parameters[2]);
}

error no_such_session()
{
    return error(errc::not_found, "there is no such session");
}

bool may_use_as_receiver(const http::call& call)
{
    return http::acts_for_cpo(call, addressed_session(call).owner());
}

crud::list_query visible_in_sender_list(const http::call& call,
                                        const std::vector<party>& own_cpo_parties)
{
    crud::list_query query;
    query.owners = http::narrowed(own_cpo_parties, call.routing.to);
    if (!http::is_from_operator(call)) {
        query.emsps =
            http::narrowed(auth::parties_in_role(call.caller, party_role::emsp), call.routing.from);
    }
    return query;
}

}  // namespace ocpi::sessions
