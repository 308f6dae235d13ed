#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace ocpi::http {

/// What the head of a request has led to, before its body is received.
struct admission {
    /// Who calls; nullptr when that is not known.
    std::shared_ptr<const auth::principal> caller;
    /// The credentials that the caller was recognised by.
    std::string authorization;
    /// When set, this is the answer, most often a refusal, and the request's body is not received.
    std::optional<response> answer;
};

/// What a server puts its requests to, in two steps: by its head a request is admitted, with its
/// body it is answered. Called from any thread, many requests at a time; each coroutine runs on
/// the executor of its connection.
class request_handler {
public:
    virtual ~request_handler() = default;

    /// The first step: `head` is a request without its body. Whoever sends a large body, or sends
    /// it slowly, shall have shown first who they are. Never throws. By default every request is
    /// admitted, its caller unknown.
    virtual boost::asio::awaitable<admission> admit(const request& head);

    /// The second step: answers a whole request that was admitted. Never throws.
    virtual boost::asio::awaitable<response> respond(request received, admission admitted) = 0;

    /// The answer to a request that could not be received whole: malformed, too large, too slow,
    /// one connection too many. `received` holds as much of it as was read, maybe nothing.
    virtual response refuse(const request& received, const error& reason) = 0;

    /// Both steps, for a request that is whole already.
    boost::asio::awaitable<response> handle(request received);
};

}  // namespace ocpi::http
