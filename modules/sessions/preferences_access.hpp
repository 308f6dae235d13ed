#pragma once

#include "http/answer.hpp"
#include "http/call.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "modules/sessions/session_store.hpp"
#include "ocpi/protocol/party.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ocpi::sessions {

// PUT of a session's charging preferences. The data of an answer is a ChargingPreferencesResponse
// as a bare JSON string; what was accepted is kept with the session.

/// As the CPO [sessions, Sender interface, PUT method], of a partner for its session or of our
/// operator; the path has the session's id alone. `evses` may be nullptr: then no EVSE takes
/// preferences.
boost::asio::awaitable<http::answer> put_own_preferences(session_store& sessions,
                                                         evse_directory* evses,
                                                         const std::vector<party>& own_cpo_parties,
                                                         const http::call& call);

/// As the eMSP, of our operator: the preferences go on to the session's CPO, whose answer is
/// given back. `forwarder` may be nullptr: then no partner is registered.
boost::asio::awaitable<http::answer> put_received_preferences(session_store& sessions,
                                                              preferences_forwarder* forwarder,
                                                              const http::call& call);

}  // namespace ocpi::sessions
