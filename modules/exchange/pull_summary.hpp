#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace ocpi::exchange {

/// Range of last_updated to pull. With neither bound: everything new since the last complete run.
struct pull_range {
    /// Inclusive. If only date_to is set: from the beginning.
    std::optional<date_time> date_from;
    /// Exclusive.
    std::optional<date_time> date_to;

    bool is_explicit() const noexcept { return date_from || date_to; }
};

/// Result of a run, complete or so far.
struct pull_summary {
    /// Sessions created or changed.
    std::uint64_t applied = 0;
    /// Sessions already stored in this state or a later one.
    std::uint64_t unchanged = 0;
    /// Elements that are not valid Sessions of the partner, or not a valid change of the stored
    /// one.
    std::uint64_t invalid = 0;
    std::uint64_t pages = 0;
    /// Total announced by the partner; std::nullopt when it announces none.
    std::optional<std::uint64_t> total;

    std::uint64_t done() const noexcept { return applied + unchanged + invalid; }
};

/// Called after each page with the summary of the run so far.
using pull_callback = std::function<void(const pull_summary&)>;

}  // namespace ocpi::exchange
