#pragma once

#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <chrono>
#include <random>

namespace ocpi {

/// A duration at random, by up to `share` of `about` longer or shorter: whoever failed together
/// shall not come back together.
inline std::chrono::milliseconds jittered(std::chrono::milliseconds about, double share)
{
    thread_local std::minstd_rand random(std::random_device{}());
    std::uniform_real_distribution<double> factor(1 - share, 1 + share);
    return std::chrono::milliseconds(static_cast<std::chrono::milliseconds::rep>(
        static_cast<double>(about.count()) * factor(random)));
}

/// The pauses between attempts: each about twice as long as the one before, up to the longest.
class retry_delay {
public:
    explicit retry_delay(std::chrono::milliseconds first,
                         std::chrono::milliseconds longest = std::chrono::minutes(10))
        : first_(first), longest_(longest), next_(first)
    {
    }

    std::chrono::milliseconds next()
    {
        const auto delay = jittered(next_, 0.3);
        next_ = std::min(next_ * 2, longest_);
        return std::min(delay, longest_);
    }

    /// After a success.
    void reset() noexcept { next_ = first_; }

private:
    std::chrono::milliseconds first_;
    std::chrono::milliseconds longest_;
    std::chrono::milliseconds next_;
};

}  // namespace ocpi
