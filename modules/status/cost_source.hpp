#pragma once

#include "modules/sessions/session_snapshot.hpp"
#include "modules/status/shown_cost.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::status {

/// Computes what sessions cost their drivers, as a port. Called from any thread, concurrently.
class cost_source {
public:
    virtual ~cost_source() = default;

    /// The current cost of the session (never nullptr, nor its document). `of_policy` is the time
    /// zone of the policy that manages it; std::nullopt when none does.
    virtual boost::asio::awaitable<result<shown_cost>> cost_of(
        std::shared_ptr<const sessions::session_snapshot> session,
        std::optional<time_zone> of_policy) = 0;
};

}  // namespace ocpi::status
