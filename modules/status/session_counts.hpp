#pragma once

#include <cstdint>
#include <optional>

namespace ocpi::status {

/// How many sessions of the store are under way. std::nullopt: too many to be counted at once.
struct session_counts {
    /// IN_PROGRESS, stale ones included.
    std::optional<std::uint64_t> live;
    /// Live, or over without their final reading, and without an update for `stale_after`.
    std::optional<std::uint64_t> stale;
};

}  // namespace ocpi::status
