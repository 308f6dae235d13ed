#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ocpi::exchange {

/// How far a partner has our sessions.
struct push_state {
    /// Sessions that are queued for the partner or being sent, without rejected ones.
    std::size_t backlog = 0;
    /// Sessions that the partner has rejected, or that its hub could not deliver: they are sent
    /// again when they change, and from time to time.
    std::size_t rejected = 0;
    /// Since when the partner lacks the oldest change that it lacks, rejected ones aside;
    /// std::nullopt: it has all. After a start, and for changes of other processes, this is taken
    /// from the sessions' last_updated.
    std::optional<std::chrono::steady_clock::time_point> lacking_since;
};

/// The same with the partner's name.
struct push_status {
    std::string partner;
    push_state state;
};

}  // namespace ocpi::exchange
