#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ocpi::server {

/// How other platforms are called, and limits on their answers. Every period is measured from its
/// own start: sending single bytes does not extend it.
struct outbound_options {
    /// PEM file of certificate authorities to trust besides the system's; empty: none.
    std::string ca_file;
    /// From the name lookup to the end of the TLS handshake.
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
    /// From the call to the last byte of the answer, including connecting and redirects.
    std::chrono::milliseconds request_timeout = std::chrono::seconds(30);
    /// Maximum bytes of an answer's body after removing chunked coding.
    std::size_t response_bytes = 32 * 1024 * 1024;
    /// Maximum bytes of a status line and its header fields.
    std::size_t response_header_bytes = 64 * 1024;
    /// Maximum idle connections per pool, origin and reach.
    std::size_t max_idle_per_pool = 8;
    /// How long an idle connection is kept; less than servers commonly allow.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
};

}  // namespace ocpi::server
