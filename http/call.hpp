#pragma once

#include "auth/principal.hpp"
#include "http/message.hpp"
#include "http/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/routing_headers.hpp"

#include <string>
#include <vector>

namespace ocpi::http {

/// One request as passed to a handler, with the results of the pipeline. Valid until the handler
/// has answered.
struct call {
    const http::request& request;
    const http::target& target;
    const auth::principal& caller;
    /// Decoded values of the route's placeholders, in order.
    const std::vector<std::string>& parameters;
    /// From the OCPI routing headers; validated against our parties and the caller's.
    const protocol::routing& routing;
    /// The time at which the request is handled.
    date_time now;
};

}  // namespace ocpi::http
