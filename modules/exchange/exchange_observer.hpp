#pragma once

#include "modules/exchange/pull_summary.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace ocpi::exchange {

/// Outcome of a message to a partner.
enum class message_outcome {
    acknowledged,  ///< the partner accepted the message or answered the request
    rejected,      ///< the partner rejected this message
    failed,        ///< no answer, or one that shows that the partner is unhealthy
};

/// Counts messages and sessions exchanged with partners, as a port. Called from any thread; must
/// return quickly.
class exchange_observer {
public:
    virtual ~exchange_observer() = default;

    /// A push message was sent, and answered or not. `method` is `PUT`, `PATCH` or `GET`.
    virtual void on_push(std::string_view /*partner*/, std::string_view /*method*/, message_outcome,
                         std::chrono::steady_clock::duration) noexcept
    {
    }

    /// The number of sessions that are queued for the partner or being sent.
    virtual void on_backlog(std::string_view /*partner*/, std::size_t /*sessions*/) noexcept {}

    /// A page of the partner's sessions was pulled: `page` is of this page alone.
    virtual void on_pull(std::string_view /*partner*/, const pull_summary& /*page*/) noexcept {}

    /// A run without an explicit range has ended: complete, or with an error.
    virtual void on_pull_end(std::string_view /*partner*/, bool /*is_complete*/) noexcept {}
};

}  // namespace ocpi::exchange
