#pragma once

#include "http/answer.hpp"
#include "http/call.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ocpi::sessions {

// PUT of a session's charging preferences. The data of an answer is a ChargingPreferencesResponse
// as a bare JSON string; accepted preferences are stored with the session.

/// As the CPO [sessions, Sender interface, PUT method], from a partner for its session or from our
/// operator; the path holds only the session's id. `evses` may be nullptr: then no EVSE accepts
/// preferences.
boost::asio::awaitable<http::answer> put_own_preferences(session_writer& sessions,
                                                         evse_directory* evses,
                                                         const std::vector<party>& own_cpo_parties,
                                                         const http::call& call);

/// As the eMSP, from our operator: the preferences are forwarded to the session's CPO, whose answer
/// is returned. `forwarder` may be nullptr: then no partner is registered.
boost::asio::awaitable<http::answer> put_received_preferences(session_writer& sessions,
                                                              preferences_forwarder* forwarder,
                                                              const http::call& call);

}  // namespace ocpi::sessions
