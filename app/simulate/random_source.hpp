#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace ocpi::app::simulate {

/// Random numbers that are the same for the same seed, with any compiler and standard library
/// (SplitMix64). The distributions of <random> promise that for the engines alone.
class random_source {
public:
    explicit random_source(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() noexcept
    {
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31);
    }

    /// From `low` to `high`, both included.
    std::int64_t between(std::int64_t low, std::int64_t high) noexcept
    {
        const auto count = static_cast<std::uint64_t>(high - low) + 1;
        return low + static_cast<std::int64_t>(next() % count);
    }

    /// True in that many of a hundred cases.
    bool chance(int percent) noexcept { return between(1, 100) <= percent; }

    /// The gap to the next event of those that happen `per_hour` times an hour, independently of
    /// each other; in milliseconds.
    std::int64_t gap_ms(double per_hour) noexcept
    {
        const auto share = (static_cast<double>(next() >> 11) + 1) / 9007199254740993.0;
        return static_cast<std::int64_t>(-std::log(share) / per_hour * 3'600'000);
    }

    template <class T>
    const T& pick(const std::vector<T>& from) noexcept
    {
        return from[static_cast<std::size_t>(next() % from.size())];
    }

    /// A source of its own, so that what one session draws does not change the others.
    random_source fork() noexcept { return random_source(next()); }

private:
    std::uint64_t state_;
};

}  // namespace ocpi::app::simulate
