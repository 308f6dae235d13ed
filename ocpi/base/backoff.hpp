#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

namespace ocpi {

/// Random numbers for the jitter of waits, where no test injects its own; one per thread.
inline std::minstd_rand& jitter_source()
{
    thread_local std::minstd_rand random(std::random_device{}());
    return random;
}

/// `about`, by up to `share` of it longer or shorter: those that failed together shall not come
/// back together.
template <class Generator>
std::chrono::milliseconds jittered(std::chrono::milliseconds about, double share, Generator& random)
{
    std::uniform_real_distribution<double> factor(1 - share, 1 + share);
    return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(
        static_cast<double>(about.count()) * factor(random)));
}

/// How long to wait before the next attempt.
struct backoff {
    std::chrono::milliseconds first;
    std::chrono::milliseconds max = std::chrono::minutes(10);
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
        for (; failures > 1 && wait < max; --failures) wait *= 2;
        return std::min(wait, max);
    }

    /// Anything from 0 up to that.
    template <class Generator>
    std::chrono::milliseconds up_to(unsigned failures, Generator& random) const
    {
        std::uniform_int_distribution<std::chrono::milliseconds::rep> any(0,
                                                                          after(failures).count());
        return std::chrono::milliseconds(any(random));
    }

    /// That, by up to 30 % longer or shorter, but never above `max`.
    template <class Generator>
    std::chrono::milliseconds about(unsigned failures, Generator& random) const
    {
        return std::min(jittered(after(failures), 0.3, random), max);
    }
};

}  // namespace ocpi
