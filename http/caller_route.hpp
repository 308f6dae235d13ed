#pragma once

#include "http/router.hpp"

namespace ocpi::http {

/// Adds `GET /v1/me`: who the caller is and what it may see, without secrets.
void add_caller_route(router& routes);

}  // namespace ocpi::http
