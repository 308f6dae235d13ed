#pragma once

#include "http/router.hpp"

namespace ocpi::openapi {

/// Adds `GET /v1/openapi.json`, for operators and drivers: the interface under /v1 as an OpenAPI
/// document, the same for all and on every server.
void add_openapi_module(http::router& router);

}  // namespace ocpi::openapi
