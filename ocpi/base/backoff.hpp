#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

namespace ocpi {

/// How long to wait before the next attempt.
struct backoff {
    std::chrono::milliseconds first;
    std::chrono::milliseconds longest;
    /// The wait after the first failure, before those that begin with `first`.
    std::optional<std::chrono::milliseconds> early{};

    /// After that many attempts that failed, at least 1: `early` once if there is one, `first`,
    /// then twice as long each time.
    std::chrono::milliseconds after(unsigned failures) const
    {
        if (early) {
            if (failures <= 1) return *early;
            --failures;
        }
        auto wait = first;
        for (; failures > 1 && wait < longest; --failures) wait *= 2;
        return std::min(wait, longest);
    }

    /// Anything up to that, so that many who failed together do not come back together.
    template <class Generator>
    std::chrono::milliseconds after(unsigned failures, Generator& random) const
    {
        std::uniform_int_distribution<std::chrono::milliseconds::rep> any(0,
                                                                          after(failures).count());
        return std::chrono::milliseconds(any(random));
    }
};

}  // namespace ocpi
