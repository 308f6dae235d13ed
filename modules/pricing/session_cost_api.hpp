#pragma once

#include "http/router.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/pricing/session_cost.hpp"
#include "modules/sessions/session_writer.hpp"

#include <memory>

namespace ocpi::pricing {

/// Adds `GET /v1/sessions/{id}/cost`: the cost breakdown of a session, for our operator and for
/// drivers' apps whose contracts include it.
void add_cost_route(http::router& router, const std::shared_ptr<sessions::session_writer>& sessions,
                    const std::shared_ptr<managed::managed_session_service>& manager,
                    const std::shared_ptr<session_costs>& costs);

}  // namespace ocpi::pricing
