#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace ocpi {

/// The values that a histogram had counted at one moment, more or less: it goes on counting while
/// it is read.
struct histogram_counts {
    /// Upper bounds, inclusive, ascending.
    std::vector<double> bounds;
    /// Values in each bucket alone; the last one, beyond all bounds, has none itself.
    std::vector<std::uint64_t> counts;
    double sum = 0;

    std::uint64_t total() const noexcept;
};

/// Counts values by size. Safe from any thread, without a lock.
class histogram {
public:
    /// `bounds`: upper bounds of the buckets, inclusive, ascending, at least one.
    explicit histogram(std::vector<double> bounds);

    void add(double value) noexcept;
    histogram_counts read() const;

private:
    const std::vector<double> bounds_;
    std::vector<std::atomic<std::uint64_t>> counts_;
    std::atomic<double> sum_ = 0;
};

}  // namespace ocpi
