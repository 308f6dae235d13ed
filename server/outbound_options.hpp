#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace ocpi::server {

/// How other platforms are called, and how much one of them may ask of us. Every period is
/// measured from its own beginning: a platform that sends one byte now and then gains nothing.
struct outbound_options {
    /// A PEM file of certificate authorities to trust beside those of the system; empty: none.
    std::string ca_file;
    /// From the look-up of the name to the end of the TLS handshake.
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(5);
    /// From the call to the last byte of the answer, connecting and redirects included.
    std::chrono::milliseconds request_timeout = std::chrono::seconds(30);
    /// Bytes of the body of an answer, after chunked coding is undone.
    std::size_t response_bytes = 32 * 1024 * 1024;
    /// Bytes of a status line and its header fields.
    std::size_t response_header_bytes = 64 * 1024;
    /// Connections that wait for their next request, per pool, origin and reach.
    std::size_t max_idle_per_pool = 8;
    /// For how long they do; less than what servers commonly grant.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(60);
};

}  // namespace ocpi::server
