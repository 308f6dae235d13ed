#pragma once

#include "app/simulate/session_write.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ocpi::app::simulate {

/// Latencies in buckets that grow by a ninth: a percentile is at most that much too high.
class latency_histogram {
public:
    void add(std::chrono::steady_clock::duration latency) noexcept;
    /// 0 without any latency.
    double percentile_ms(double percent) const noexcept;

private:
    static constexpr std::size_t bucket_count = 200;
    std::array<std::uint64_t, bucket_count> counts_{};
    std::uint64_t total_ = 0;
};

/// What has been sent, and how it was answered.
struct tally {
    std::uint64_t puts = 0;
    std::uint64_t patches = 0;
    std::uint64_t repetitions = 0;
    std::uint64_t out_of_date = 0;
    std::uint64_t repairs = 0;
    /// Sent again because there was no answer, or one that asks to wait (HTTP 429 and 5xx).
    std::uint64_t retries = 0;
    std::uint64_t preferences = 0;
    /// Answers other than OCPI asks for; each is a difference too.
    std::uint64_t unexpected = 0;
    latency_histogram latencies;

    std::uint64_t writes() const noexcept { return puts + patches; }
    void count(const session_write& sent) noexcept;
};

/// `12,345`
std::string grouped(std::uint64_t number);

}  // namespace ocpi::app::simulate
