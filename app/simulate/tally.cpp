#include "app/simulate/tally.hpp"

#include <algorithm>
#include <cmath>

namespace ocpi::app::simulate {
namespace {

/// The first bucket ends at 10 µs.
constexpr double first_ms = 0.01;
constexpr double growth = 10.0 / 9.0;

}  // namespace

void latency_histogram::add(std::chrono::steady_clock::duration latency) noexcept
{
    const auto ms = std::chrono::duration<double, std::milli>(latency).count();
    const auto bucket =
        ms <= first_ms ? 0.0 : std::ceil(std::log(ms / first_ms) / std::log(growth));
    ++counts_[std::min(static_cast<std::size_t>(bucket), bucket_count - 1)];
    ++total_;
}

double latency_histogram::percentile_ms(double percent) const noexcept
{
    const auto wanted =
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(total_) * percent / 100));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < bucket_count; ++i) {
        seen += counts_[i];
        if (wanted > 0 && seen >= wanted)
            return first_ms * std::pow(growth, static_cast<double>(i));
    }
    return 0;
}

void tally::count(const session_write& sent) noexcept
{
    ++(sent.is_put ? puts : patches);
    if (sent.is_out_of_date) ++out_of_date;
    if (sent.reason == write_reason::repetition) ++repetitions;
    if (sent.reason == write_reason::repair) ++repairs;
}

std::string grouped(std::uint64_t number)
{
    auto text = std::to_string(number);
    for (auto at = static_cast<int>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

}  // namespace ocpi::app::simulate
