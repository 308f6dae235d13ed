#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace ocpi::sessions::exchange {

/// How long to wait before the next attempt.
struct backoff {
    std::chrono::milliseconds first;
    std::chrono::milliseconds longest;

    /// After that many attempts that failed, at least 1: `first`, then twice as long each time.
    std::chrono::milliseconds after(unsigned failures) const
    {
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

}  // namespace ocpi::sessions::exchange
