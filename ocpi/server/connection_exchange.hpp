#pragma once

#include "ocpi/server/connection.hpp"

#include <chrono>
#include <optional>

namespace ocpi::server {

/// What a stopping server grants the reader of a stream to take what is on its way.
inline constexpr std::chrono::milliseconds write_timeout_at_stop = std::chrono::seconds(1);

struct connection::exchange {
    exchange(const limits& bounds) : parser(request, bounds) {}

    http::request request;
    request_parser parser;
    /// Why the request could not be received; it is then answered by refuse().
    std::optional<error> failure;
    bool is_head = false;
    bool keep_alive = false;
};

}  // namespace ocpi::server
