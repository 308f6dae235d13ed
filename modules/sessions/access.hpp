#pragma once

#include "auth/principal.hpp"
#include "crud/crud.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/http/router.hpp"

#include <vector>

namespace ocpi::sessions {

/// The session that a path addresses: its placeholders are country code, party id and id.
session_key addressed_session(const http::call& call);

/// The caller's profile as a way of reading bodies.
strictness strictness_of(const auth::principal& caller);

/// The answer to whoever asks for a session that is not there or is not theirs to see: the two
/// cannot be told apart.
error no_such_session();

/// True when the caller may read and write sessions of that CPO as they are received from it:
/// the CPO itself, and our operator. OCPI-from does not matter: it may name another party of the
/// caller, as that of a hub does that forwards.
bool may_use_as_receiver(const auth::principal& caller, const party& owner);

/// True when the record, one of our own sessions, concerns an eMSP that the caller is.
bool concerns_caller(const auth::principal& caller, const crud::record& stored);

/// Which of our own sessions a Sender list shows: to an operator all of them, to a partner those
/// of the eMSPs it is; narrowed by the routing headers.
crud::list_query visible_in_sender_list(const http::call& call,
                                        const std::vector<party>& own_cpo_parties);

}  // namespace ocpi::sessions
