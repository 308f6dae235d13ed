#pragma once

#include "http/page_answer.hpp"
#include "http/router.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/session_writer.hpp"

#include <memory>

namespace ocpi::managed {

/// Adds `GET /v1/sessions`, the settled sessions, latest first, and `GET /v1/sessions/{id}`, the
/// managed view of one, and `GET /v1/sessions/{id}/timeline` and `timeline.csv`. Operators see all sessions, drivers those of their contracts.
void add_session_routes(http::router& router,
                        const std::shared_ptr<sessions::session_writer>& sessions,
                        const std::shared_ptr<managed_session_service>& manager,
                        const http::list_options& lists);

}  // namespace ocpi::managed
