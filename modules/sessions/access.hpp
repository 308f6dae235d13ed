#pragma once

#include "auth/principal.hpp"
#include "crud/crud.hpp"
#include "http/call.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"

#include <vector>

namespace ocpi::sessions {

/// The session addressed by a path with the placeholders country code, party id and id.
crud::object_key addressed_session(const http::call& call);

/// The answer for a session that does not exist or that the caller may not see; both are
/// indistinguishable.
error no_such_session();

/// True if the caller may read and write the session through the Receiver interface: its CPO and
/// our operator. OCPI-from, when sent, must name the owner in the URL: token, headers, URL and body
/// agree on the session's owner.
bool may_use_as_receiver(const http::call& call);

/// The sessions of a Sender list visible to the caller: all for an operator, those of its eMSPs for
/// a partner; narrowed by the routing headers.
crud::list_query visible_in_sender_list(const http::call& call,
                                        const std::vector<party>& own_cpo_parties);

}  // namespace ocpi::sessions
