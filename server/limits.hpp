#pragma once

#include <chrono>
#include <cstddef>

namespace ocpi::server {

/// Limits on what a client may use. Every period is measured from its own start: sending single
/// bytes does not extend it.
struct limits {
    /// Maximum connections served at a time. Some more are answered with errc::overloaded, and
    /// those beyond them are closed unanswered.
    std::size_t max_connections = 20'000;
    /// Maximum bytes of a request body after removing chunked coding; beyond it
    /// errc::body_too_large.
    std::size_t body_bytes = 1024 * 1024;
    /// Maximum bytes of memory for the bodies of all concurrent requests, except bodies received
    /// with their header; beyond it errc::overloaded.
    std::size_t body_memory = 64 * 1024 * 1024;
    /// Maximum bytes of memory for answers that are being sent, except small ones
    /// (http/answer_memory.hpp); beyond it errc::overloaded.
    std::size_t answer_memory = 256 * 1024 * 1024;
    /// Maximum header fields of a request; beyond it errc::header_too_large.
    std::size_t header_fields = 100;
    /// Maximum bytes of a request line and its header fields; beyond it errc::header_too_large.
    std::size_t header_bytes = 16 * 1024;
    /// Maximum idle time between two requests; then the connection is closed.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
    /// From the first byte of a request to the end of its header; then errc::timed_out.
    std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
    /// From the end of the header to the end of the body; then errc::timed_out.
    std::chrono::milliseconds body_timeout = std::chrono::seconds(30);
    /// From the first to the last byte of an answer, or of one piece of a streamed answer; then the
    /// connection is closed.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    /// How long http_server::stop waits for requests in progress; then their connections are
    /// closed.
    std::chrono::milliseconds drain_timeout = std::chrono::seconds(10);
};

}  // namespace ocpi::server
