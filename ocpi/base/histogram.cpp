#include "ocpi/base/histogram.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ocpi {

std::uint64_t histogram_counts::total() const noexcept
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t(0));
}

histogram::histogram(std::vector<double> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1)
{
}

void histogram::add(double value) noexcept
{
    const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
}

histogram_counts histogram::read() const
{
    histogram_counts read;
    read.bounds = bounds_;
    for (const auto& count : counts_) read.counts.push_back(count.load(std::memory_order_relaxed));
    read.sum = sum_.load(std::memory_order_relaxed);
    return read;
}

}  // namespace ocpi
