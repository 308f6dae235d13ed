#pragma once

#include "crud/crud.hpp"
#include "http/answer.hpp"
#include "http/call.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/protocol/version.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::sessions {

// GET, PUT and PATCH of one session that the caller may address. Both interfaces offer them: the
// Receiver to the CPO that owns the session, the Sender to our own backend. Bodies and answers have
// the form of the path's version.

boost::asio::awaitable<http::answer> put_session(session_writer& sessions,
                                                 crud::interface_side side,
                                                 protocol::version version, const http::call& call);

boost::asio::awaitable<http::answer> patch_session(session_writer& sessions,
                                                   crud::interface_side side,
                                                   protocol::version version,
                                                   const http::call& call);

/// The answer with a stored session, or that there is none.
http::answer answer_to_read(result<crud::record> outcome, protocol::version version);

}  // namespace ocpi::sessions
