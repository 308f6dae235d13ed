#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/http/message.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::http {

/// What a server puts its requests to. Called from any thread, many requests at a time; each
/// coroutine runs on the executor of its connection.
class request_handler {
public:
    virtual ~request_handler() = default;

    /// Answers a whole request; never throws.
    virtual boost::asio::awaitable<response> handle(request received) = 0;

    /// The answer to a request that could not be received whole: malformed, too large, too slow,
    /// one connection too many. `received` holds as much of it as was read, maybe nothing.
    virtual response refuse(const request& received, const error& reason) = 0;
};

}  // namespace ocpi::http
