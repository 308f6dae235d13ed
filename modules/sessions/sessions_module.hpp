#pragma once

#include "modules/sessions/session_store.hpp"
#include "ocpi/http/router.hpp"
#include "ocpi/protocol/paging.hpp"
#include "ocpi/protocol/party.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::sessions {

/// What the sessions module needs to know about the server it is part of.
struct module_options {
    /// Our parties that are CPOs: their sessions are ours to send.
    std::vector<party> own_cpo_parties;
    /// The base of absolute URLs, without a trailing slash. Asked for at each use, because it
    /// may be known only once the server listens.
    std::function<std::string()> public_url;
    protocol::page_limits page_limits;
    /// Which interfaces to offer.
    bool as_sender = true;
    bool as_receiver = true;
};

/// The paths of the two interfaces, below the public URL.
inline constexpr const char* sender_path = "/ocpi/cpo/2.3.0/sessions";
inline constexpr const char* receiver_path = "/ocpi/emsp/2.3.0/sessions";

/// Adds the routes of the sessions module [OCPI sessions]: the Receiver interface of an eMSP, the
/// Sender interface of a CPO, and the paths by which our own operator reads and feeds both.
void add_sessions_module(http::router& router, std::shared_ptr<session_store> sessions,
                         module_options options);

}  // namespace ocpi::sessions
