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

/// Configuration of the sessions module.
struct module_options {
    /// Our parties that are CPOs: we send their sessions.
    std::vector<party> own_cpo_parties;
    /// Base of absolute URLs, without a trailing slash. Called at each use, because it may be known
    /// only once the server listens.
    std::function<std::string()> public_url;
    http::list_options lists;
    /// Which interfaces to offer.
    bool as_sender = true;
    bool as_receiver = true;
    /// Capabilities of our EVSEs; nullptr: no EVSE accepts charging preferences.
    std::shared_ptr<evse_directory> evses;
    /// Forwards our operator's charging preferences to CPOs; nullptr: there is no partner.
    std::shared_ptr<preferences_forwarder> forwarder;
    /// Notified of our sessions read by eMSPs; nullptr: none.
    std::shared_ptr<serving_listener> serving;
    /// Supported OCPI versions.
    std::vector<protocol::version> versions{protocol::version::v2_3_0};
};

/// The paths of the two interfaces, below the public URL: `/ocpi/cpo/2.3.0/sessions` and
/// `/ocpi/emsp/2.3.0/sessions`.
std::string sender_path(protocol::version of);
std::string receiver_path(protocol::version of);

/// Adds the routes of the sessions module [OCPI sessions], once for each version: the Receiver
/// interface of an eMSP, the Sender interface of a CPO, and the paths by which our operator reads
/// and writes both. All share the same sessions.
void add_sessions_module(http::router& router, const std::shared_ptr<session_store>& sessions,
                         const module_options& options);

}  // namespace ocpi::sessions
