#pragma once

#include "server/connection.hpp"
#include "server/exchange_report.hpp"
#include "server/with_error_code.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace ocpi::server {

/// Time for the reader of a stream to receive sent data when the server stops.
inline constexpr std::chrono::milliseconds write_timeout_at_stop = std::chrono::seconds(1);

/// Size of the first read of a request: most fit into it with their body. An idle connection waits
/// with so much memory, 2 KiB with the end of its string.
inline constexpr std::size_t usual_request = 2047;

/// One request on its way in, and what was decided of it. A stream, which goes on for hours, has no
/// use for it.
struct connection::reception {
    explicit reception(service& of) : parser(request, of.limits), body_memory(of.bodies) {}

    http::request request;
    request_parser parser;
    /// Memory of the request's body.
    memory_share body_memory;
    /// The handler's admission of the header.
    http::admission admission;
    /// The reason for not receiving the request; it is then answered by refuse().
    std::optional<error> failure;
};

struct connection::exchange {
    exchange(service& of, const boost::asio::ip::tcp::socket& from)
        : in(std::make_unique<reception>(of)), report(of.observer.get(), in->request, from)
    {
    }

    /// On the heap, so that a connection that waits for a request does without. nullptr once a
    /// stream has begun.
    std::unique_ptr<reception> in;
    exchange_report report;
    /// The request is answered although parts of it may still arrive.
    bool is_unread() const { return in->failure || in->admission.answer; }

    bool is_head = false;
    bool keep_alive = false;
};

}  // namespace ocpi::server
