#pragma once

#include "http/client_owned_module.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "modules/sessions/serving_listener.hpp"
#include "modules/sessions/session_writer.hpp"

#include <memory>

namespace ocpi::sessions {

/// What the sessions module needs to know about the server it is part of.
struct module_options : http::client_owned_options {
    /// What our EVSEs can do; nullptr: none takes charging preferences.
    std::shared_ptr<evse_directory> evses;
    /// Forwards our operator's charging preferences to CPOs; nullptr: there is no partner.
    std::shared_ptr<preferences_forwarder> forwarder;
    /// Called with what eMSPs read of our own sessions; nullptr: not called.
    std::shared_ptr<serving_listener> serving;
};

/// Adds the routes of the sessions module [OCPI sessions], once for each version: the Receiver
/// interface of an eMSP, the Sender interface of a CPO, and the paths by which our operator reads
/// and writes both. All share the same sessions.
void add_sessions_module(http::router& router, const std::shared_ptr<session_writer>& sessions,
                         const module_options& options);

}  // namespace ocpi::sessions
