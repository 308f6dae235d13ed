#pragma once

#include "http/page_answer.hpp"
#include "http/router.hpp"
#include "modules/tariffs/tariff_store.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::tariffs {

/// Configuration of the tariffs module.
struct module_options {
    /// Our parties that are CPOs: we send their tariffs.
    std::vector<party> own_cpo_parties;
    /// Base of absolute URLs, without a trailing slash. Called at each use, because it may be known
    /// only once the server listens.
    std::function<std::string()> public_url;
    http::list_options lists;
    /// Which interfaces to offer.
    bool as_sender = true;
    bool as_receiver = true;
    /// Supported OCPI versions.
    std::vector<protocol::version> versions{protocol::version::v2_3_0};
};

/// The paths of the two interfaces, below the public URL: `/ocpi/cpo/2.3.0/tariffs` and
/// `/ocpi/emsp/2.3.0/tariffs`.
std::string sender_path(protocol::version of);
std::string receiver_path(protocol::version of);

/// Adds the routes of the tariffs module [OCPI tariffs], once for each version: the Receiver
/// interface of an eMSP, the Sender interface of a CPO, and the paths by which our operator reads
/// and writes both. All share the same tariffs.
void add_tariffs_module(http::router& router, const std::shared_ptr<tariff_store>& tariffs,
                        const module_options& options);

}  // namespace ocpi::tariffs
