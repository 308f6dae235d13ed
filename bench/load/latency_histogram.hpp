#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

namespace ocpi::bench {

/// Durations in nanoseconds, counted in classes 1.6 % wide, so that a run of any length takes the
/// same memory.
class latency_histogram {
public:
    void add(std::int64_t nanoseconds)
    {
        const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
        ++counts_[class_of(value)];
        ++count_;
        max_ = std::max(max_, value);
    }

    void add(const latency_histogram& other)
    {
        for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
        count_ += other.count_;
        max_ = std::max(max_, other.max_);
    }

    std::uint64_t count() const { return count_; }

    /// In milliseconds, 0 without any. `part` is from 0 to 1, such as 0.99.
    double percentile(double part) const
    {
        auto rank = static_cast<std::uint64_t>(part * static_cast<double>(count_));
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            if (rank < counts_[i]) return static_cast<double>(std::min(bound_of(i), max_)) / 1e6;
            rank -= counts_[i];
        }
        return max();
    }
    double max() const { return static_cast<double>(max_) / 1e6; }

    void clear() { *this = {}; }

private:
    static constexpr unsigned bits = 6;
    static constexpr std::uint64_t steps = 1U << bits;

    static std::size_t class_of(std::uint64_t value)
    {
        if (value < steps) return value;
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - bits - 1;
        return (shift + 1) * steps + ((value >> shift) - steps);
    }
    /// The greatest value of a class.
    static std::uint64_t bound_of(std::size_t of)
    {
        if (of < steps) return of;
        const auto shift = of / steps - 1;
        return ((of % steps + steps + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (64 - bits + 1) * steps> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace ocpi::bench
