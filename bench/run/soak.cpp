#include "bench/run/soak.hpp"

#include "bench/run/measurement.hpp"

#include <cstdio>

namespace ocpi::bench {
namespace {

double median_between(const std::vector<soak_sample>& samples, std::size_t from, std::size_t to,
                      double soak_sample::*figure)
{
    std::vector<double> values;
    for (auto i = from; i < to; ++i) values.push_back(samples[i].*figure);
    return median(std::move(values));
}

}  // namespace

double growth(const std::vector<soak_sample>& samples, double soak_sample::*figure)
{
    const auto third = samples.size() / 3;
    if (third == 0) return 1;
    const auto last = samples.size() - third;
    const auto before = median_between(samples, last - third, last, figure);
    return before == 0 ? 1 : median_between(samples, last, samples.size(), figure) / before;
}

std::string describe(const soak_sample& sample, std::size_t number)
{
    char text[128];
    std::snprintf(text, sizeof text, "%zu: %.1f MiB, %.0f descriptors, WAL %.1f MiB, p99 %.1f ms",
                  number, sample.resident_mib, sample.descriptors, sample.wal_mib, sample.p99_ms);
    return text;
}

}  // namespace ocpi::bench
