#pragma once

#include "http/page_answer.hpp"
#include "http/router.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/status_source.hpp"

#include <memory>

namespace ocpi::status {

/// Adds `GET /v1/statuses`, the status of sessions, latest change first, `GET /v1/sessions.csv`,
/// the same as a table of any length, and `GET /v1/statistics`, what they add up to. All take the
/// parameters of status_filter.hpp. Operators see all sessions, drivers those of their contracts.
void add_status_list_routes(http::router& router,
                            const std::shared_ptr<sessions::session_writer>& sessions,
                            const std::shared_ptr<status_source>& source,
                            const http::list_options& lists);

}  // namespace ocpi::status
