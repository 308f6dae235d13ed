#pragma once

#include "ocpi/base/backoff.hpp"
#include "ocpi/base/error.hpp"
#include "partners/platform_client.hpp"

#include <chrono>
#include <optional>
#include <random>

namespace ocpi::exchange {

/// How patient a crawl is with a platform.
struct retry_limits {
    /// A page that cannot be had for the moment is asked for this many times more …
    int page_retries = 2;
    /// … about so long after the first time, and longer after each time …
    std::chrono::milliseconds retry_delay = std::chrono::milliseconds(500);
    /// … or after the pause that the platform asks for (Retry-After), up to this one. A longer one
    /// is for the next run to keep.
    std::chrono::seconds longest_wait = std::chrono::seconds(60);
};

/// When to ask for a page again.
struct page_retry {
    std::chrono::milliseconds pause{};
    /// The platform asked for it.
    bool is_asked_for = false;
};

/// The pause that the platform asks for with an answer that is no success.
std::optional<std::chrono::seconds> find_asked_pause(
    const result<partners::platform_answer>& outcome);

/// After how long a page is asked for once more that has come to this, after so many retries;
/// std::nullopt: not in this run.
std::optional<page_retry> find_retry(const result<partners::platform_answer>& outcome, int retries,
                                     const retry_limits& limits,
                                     std::minstd_rand& random = jitter_source());

}  // namespace ocpi::exchange
