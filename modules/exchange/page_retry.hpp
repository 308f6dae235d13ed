#pragma once

#include "ocpi/base/backoff.hpp"
#include "ocpi/base/error.hpp"
#include "partners/platform_client.hpp"

#include <chrono>
#include <optional>
#include <random>

namespace ocpi::exchange {

/// Retry limits of a crawl.
struct retry_limits {
    /// Retries of a page that is temporarily unavailable …
    int page_retries = 2;
    /// … after about this delay, which increases with each retry …
    std::chrono::milliseconds retry_delay = std::chrono::milliseconds(500);
    /// … or after the pause requested by the platform (Retry-After), up to this one. A longer one
    /// postpones the next run.
    std::chrono::seconds max_wait = std::chrono::seconds(60);
};

/// Time of a retry.
struct page_retry {
    std::chrono::milliseconds pause{};
    /// The platform requested it.
    bool is_asked_for = false;
};

/// The pause requested in an answer that is not a success.
std::optional<std::chrono::seconds> find_asked_pause(
    const result<partners::platform_answer>& outcome);

/// The delay before a page with this outcome is requested again after so many retries;
/// std::nullopt: not in this run.
std::optional<page_retry> find_retry(const result<partners::platform_answer>& outcome, int retries,
                                     const retry_limits& limits,
                                     std::minstd_rand& random = jitter_source());

}  // namespace ocpi::exchange
