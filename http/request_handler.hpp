#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ocpi::http {

/// Result of a request's head, before its body is received.
struct admission {
    /// The caller; nullptr when unknown.
    std::shared_ptr<const auth::principal> caller;
    /// The credentials that authenticated the caller.
    std::string authorization;
    /// Held while the request is in progress, where a token's are limited; may be null.
    std::shared_ptr<const void> turn;
    /// When set, this is the answer, usually a refusal, and the request's body is not received.
    std::optional<response> answer;
};

/// Handles a server's requests in two steps: admission by head, answer with body. Called from any
/// thread, concurrently; each coroutine runs on the executor of its connection.
class request_handler {
public:
    virtual ~request_handler() = default;

    /// First step: `head` is a request without its body, so that a caller is authenticated before
    /// it sends a large body or sends slowly. Never throws. By default every request is admitted
    /// without a caller.
    virtual boost::asio::awaitable<admission> admit(const request& head);

    /// Second step: answers a complete admitted request. Never throws.
    virtual boost::asio::awaitable<response> respond(request received, admission admitted) = 0;

    /// The answer to a request that could not be received: malformed, too large, too slow, too many
    /// connections. `received` holds the parts that were read, if any.
    virtual response refuse(const request& received, const error& reason) = 0;

    /// Both steps, for a complete request.
    boost::asio::awaitable<response> handle(request received);
};

}  // namespace ocpi::http
