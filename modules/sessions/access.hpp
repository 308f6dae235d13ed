#pragma once

#include "auth/principal.hpp"
#include "crud/crud.hpp"
#include "http/call.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"

#include <vector>

namespace ocpi::sessions {

/// The session that a path addresses: its placeholders are country code, party id and id.
session_key addressed_session(const http::call& call);

/// The answer to whoever asks for a session that is not there or is not theirs to see: the two
/// cannot be told apart.
error no_such_session();

/// True when the caller may read and write the addressed session as it is received from its CPO:
/// the CPO itself, and our operator. When OCPI-from is sent it must name the owner in the URL:
/// token, headers, URL and body agree on whose session it is.
bool may_use_as_receiver(const http::call& call);

/// Which of our own sessions a Sender list shows: to an operator all of them, to a partner those
/// of the eMSPs it is; narrowed by the routing headers.
crud::list_query visible_in_sender_list(const http::call& call,
                                        const std::vector<party>& own_cpo_parties);

}  // namespace ocpi::sessions
