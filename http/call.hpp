#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "http/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/routing_headers.hpp"

#include <string>
#include <vector>

namespace ocpi::http {

/// One request on its way to a handler, with all that the pipeline found out about it. Lives
/// until the handler has answered.
struct call {
    const http::request& request;
    const http::target& target;
    const auth::principal& caller;
    /// What the placeholders of the route stand for, in order, decoded.
    const std::vector<std::string>& parameters;
    /// From the OCPI routing headers; checked against our parties and the caller's.
    const protocol::routing& routing;
    /// The moment at which the request is handled.
    date_time now;
};

}  // namespace ocpi::http
