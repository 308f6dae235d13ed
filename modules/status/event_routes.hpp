#pragma once

#include "http/router.hpp"
#include "modules/status/event_hub.hpp"
#include "modules/status/event_source.hpp"

#include <memory>

namespace ocpi::status {

/// Adds `GET /v1/sessions/{id}/events` and `GET /v1/events`: streams of server-sent events on
/// session changes. Operators see all sessions, drivers those of their contracts. With
/// Last-Event-ID a reader resumes where its last stream ended.
void add_event_routes(http::router& router, const std::shared_ptr<event_hub>& hub,
                      const std::shared_ptr<event_source>& source);

}  // namespace ocpi::status
