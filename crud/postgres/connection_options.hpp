#pragma once

#include <chrono>
#include <string>

namespace ocpi::crud::postgres {

/// How a server is reached.
struct connection_options {
    /// A libpq URI (postgresql://…), several hosts included.
    std::string url;
    /// Empty: libpq's own ways (PGPASSFILE, PGPASSWORD, ~/.pgpass).
    std::string password;
    std::chrono::milliseconds connect_timeout{10'000};
    /// For the server's answer to the statements of one run().
    std::chrono::milliseconds answer_timeout{10'000};
    /// Accepts a server that may lose writes it has confirmed (fsync or synchronous_commit off).
    bool allow_lost_writes = false;
};

}  // namespace ocpi::crud::postgres
