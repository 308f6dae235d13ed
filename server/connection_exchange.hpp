#pragma once

#include "server/connection.hpp"
#include "server/with_error_code.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace ocpi::server {

/// What a stopping server grants the reader of a stream to take what is on its way.
inline constexpr std::chrono::milliseconds write_timeout_at_stop = std::chrono::seconds(1);

/// The first read of a request: most fit into it with their body.
inline constexpr std::size_t usual_request = 4096;

struct connection::exchange {
    explicit exchange(service& of) : parser(request, of.limits), body_memory(of.bodies) {}

    http::request request;
    request_parser parser;
    /// What the request's body takes up.
    memory_share body_memory;
    /// What the handler has made of the header.
    http::admission admission;
    /// Why the request could not be received; it is then answered by refuse().
    std::optional<error> failure;
    /// It is answered although some of it may still come.
    bool is_unread() const { return failure || admission.answer; }

    bool is_head = false;
    bool keep_alive = false;
};

}  // namespace ocpi::server
