#pragma once

#include "http/router.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/status_source.hpp"

#include <memory>

namespace ocpi::status {

/// Adds `GET /v1/sessions/{id}/status`: the status of any session, managed or not. Operators see
/// all, drivers those of their contracts.
void add_status_route(http::router& router,
                      const std::shared_ptr<sessions::session_writer>& sessions,
                      const std::shared_ptr<status_source>& source);

}  // namespace ocpi::status
