#pragma once

#include "http/page_answer.hpp"
#include "http/router.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/preferences_forwarder.hpp"
#include "modules/sessions/serving_listener.hpp"
#include "modules/sessions/session_store.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

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
    http::list_options lists;
    /// Which interfaces to offer.
    bool as_sender = true;
    bool as_receiver = true;
    /// What our EVSEs can do; nullptr: none takes charging preferences.
    std::shared_ptr<evse_directory> evses;
    /// By which our operator's charging preferences reach CPOs; nullptr: there is no partner.
    std::shared_ptr<preferences_forwarder> forwarder;
    /// Is told what eMSPs read of our own sessions; nullptr: nobody is.
    std::shared_ptr<serving_listener> serving;
    /// OCPI versions to speak.
    std::vector<protocol::version> versions{protocol::version::v2_3_0};
};

/// The paths of the two interfaces, below the public URL: `/ocpi/cpo/2.3.0/sessions` and
/// `/ocpi/emsp/2.3.0/sessions`.
std::string sender_path(protocol::version of);
std::string receiver_path(protocol::version of);

/// Adds the routes of the sessions module [OCPI sessions], once for each version: the Receiver
/// interface of an eMSP, the Sender interface of a CPO, and the paths by which our own operator
/// reads and feeds both. All work on the same sessions.
void add_sessions_module(http::router& router, const std::shared_ptr<session_store>& sessions,
                         const module_options& options);

}  // namespace ocpi::sessions
