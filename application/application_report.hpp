#pragma once

#include "crud/lease_options.hpp"
#include "modules/exchange/push_status.hpp"
#include "server/server_report.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace ocpi {

/// What an Application reports of itself, for its operator: the state of the moment, and counts
/// since the start.
struct application_report {
    /// Of all addresses it listens on.
    server::server_report server;
    /// Open streams of events.
    std::size_t event_streams = 0;
    /// The partners that receive our sessions, and how far each has them.
    std::vector<exchange::push_status> pushes;
    /// The names of the partners whose sessions are pulled.
    std::vector<std::string> pulls;
    /// The work that one of several processes does at a time, and which of it this one does; all of
    /// it where the store is that of one process.
    std::vector<crud::lease_state> leases;
    /// When the certificate of the listening addresses expires; std::nullopt without TLS.
    std::optional<std::chrono::system_clock::time_point> certificate_expiry;
};

}  // namespace ocpi
