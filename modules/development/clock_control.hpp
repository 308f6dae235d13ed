#pragma once

#include "http/router.hpp"
#include "ocpi/base/clock.hpp"

#include <memory>

namespace ocpi::development {

/// Adds `PUT /v1/dev/clock` with the body `{"now": DateTime or null}`, for operators: sets the
/// server's clock, which then stands still, or lets it run again. For demonstrations and tests;
/// never on a server used by partners. With `is_shared_store` the answer is 409: other processes
/// would keep their own time.
void add_clock_control(http::router& router, std::shared_ptr<adjustable_clock> clock,
                       bool is_shared_store);

}  // namespace ocpi::development
