#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace ocpi::exchange {

/// What became of a message to a partner.
enum class message_outcome {
    acknowledged,  ///< the partner has taken it, or has answered the question
    refused,       ///< the partner does not take this one
    failed,        ///< no answer, or one by which the partner is not well
};

/// Counts what is exchanged with partners, as a port. Called from any thread; must return soon.
class exchange_observer {
public:
    virtual ~exchange_observer() = default;

    /// A message of a push was sent and answered, or not. `method` is `PUT`, `PATCH` or `GET`.
    virtual void on_push(std::string_view /*partner*/, std::string_view /*method*/, message_outcome,
                         std::chrono::steady_clock::duration) noexcept
    {
    }

    /// So many sessions now wait to be brought to the partner, or are on their way.
    virtual void on_backlog(std::string_view /*partner*/, std::size_t /*sessions*/) noexcept {}
};

}  // namespace ocpi::exchange
