#pragma once

#include <cstddef>
#include <cstdint>

namespace ocpi::server {

/// What a server reports of itself, for its operator.
struct server_report {
    /// Open connections, including those to be refused.
    std::size_t connections = 0;

    // Connections since the start that were closed without a request.

    /// There were too many, or the server was stopping.
    std::uint64_t closed_unanswered = 0;
    /// The TLS handshake has failed, was too slow, or was one too many.
    std::uint64_t failed_handshakes = 0;
    /// The process could open no more files, or had no memory.
    std::uint64_t failed_accepts = 0;
};

}  // namespace ocpi::server
