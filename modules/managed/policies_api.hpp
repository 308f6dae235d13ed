#pragma once

#include "http/router.hpp"
#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/session_writer.hpp"

#include <memory>

namespace ocpi::managed {

/// Adds `/v1/policies` and the paths below it: operators manage policies; drivers read those of
/// their contracts with the session in progress, and set its target.
void add_policy_routes(http::router& router,
                       const std::shared_ptr<sessions::session_writer>& sessions,
                       const std::shared_ptr<managed_session_service>& manager);

}  // namespace ocpi::managed
