#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace ocpi::exchange {

/// Which sessions to pull, by their last_updated. With neither bound: what is new since the last
/// complete run.
struct pull_range {
    /// Inclusive. Without it, but with the other: from the beginning.
    std::optional<date_time> date_from;
    /// Exclusive.
    std::optional<date_time> date_to;

    bool is_explicit() const noexcept { return date_from || date_to; }
};

/// What a run has done, or has done so far.
struct pull_summary {
    /// Sessions that were created or have changed.
    std::uint64_t applied = 0;
    /// Sessions that the store held already, in this state or a later one.
    std::uint64_t unchanged = 0;
    /// Elements that are no sound Session of the partner's, or no step from the stored one.
    std::uint64_t invalid = 0;
    std::uint64_t pages = 0;
    /// How many there are to come in all by the partner's word; std::nullopt: it does not say.
    std::optional<std::uint64_t> total;

    std::uint64_t done() const noexcept { return applied + unchanged + invalid; }
};

/// Called after each page with the summary of the run so far.
using pull_callback = std::function<void(const pull_summary&)>;

}  // namespace ocpi::exchange
