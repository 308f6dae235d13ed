#pragma once

#include <chrono>
#include <cstddef>

namespace ocpi::server {

/// How much one client may ask of the server. Every period is measured from its own beginning:
/// a client that sends one byte now and then gains nothing.
struct limits {
    /// Connections served at a time. Some more are answered with errc::overloaded, and those
    /// beyond them are closed unanswered.
    std::size_t max_connections = 20'000;
    /// Bytes of a request body, after chunked coding is undone; more is errc::body_too_large.
    std::size_t body_bytes = 1024 * 1024;
    /// Bytes of memory for the bodies of all requests that are being received and answered at a
    /// time, those that have come with their header aside; beyond it, errc::overloaded.
    std::size_t body_memory = 64 * 1024 * 1024;
    /// Bytes of a request line and its header fields; more is errc::header_too_large.
    std::size_t header_bytes = 16 * 1024;
    /// Silence between two requests, after which the connection is closed without a word.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(75);
    /// From the first byte of a request to the end of its header; then errc::timed_out.
    std::chrono::milliseconds header_timeout = std::chrono::seconds(10);
    /// From the end of the header to the end of the body; then errc::timed_out.
    std::chrono::milliseconds body_timeout = std::chrono::seconds(30);
    /// From the first to the last byte of an answer, or of one piece of an answer that is made
    /// while it is sent; then the connection is closed.
    std::chrono::milliseconds write_timeout = std::chrono::seconds(30);
    /// What http_server::stop grants to the requests under way; then their connections are
    /// closed.
    std::chrono::milliseconds drain_timeout = std::chrono::seconds(10);
};

}  // namespace ocpi::server
