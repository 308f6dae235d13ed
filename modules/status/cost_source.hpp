#pragma once

#include "modules/sessions/session.hpp"
#include "modules/status/shown_cost.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/json/document.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::status {

/// What sessions cost their drivers, as a port. Used from any thread, by many at a time.
class cost_source {
public:
    virtual ~cost_source() = default;

    /// What that session costs, as its document (never nullptr) says it is by now. `of_policy` is
    /// the time zone of the policy that manages it; nothing when none does.
    virtual boost::asio::awaitable<result<shown_cost>> cost_of(
        sessions::session_key key, std::shared_ptr<const json::document> session,
        std::optional<time_zone> of_policy) = 0;
};

}  // namespace ocpi::status
