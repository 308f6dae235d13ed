#pragma once

#include "http/router.hpp"
#include "modules/driver_plans/driver_plan_store.hpp"

#include <memory>

namespace ocpi::driver_plans {

/// Adds `GET /v1/plans` and `GET PUT DELETE /v1/plans/{id}` (docs/driver_plans.md). Operators have
/// full access. A driver reads the plans of its contracts, with only its own contracts in them;
/// other plans are not found.
void add_driver_plan_routes(http::router& router, std::shared_ptr<driver_plan_store> plans);

}  // namespace ocpi::driver_plans
