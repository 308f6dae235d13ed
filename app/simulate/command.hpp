#pragma once

#include "app/simulate/scenario.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::app::simulate {

/// The command line of `ocpi-sessions simulate`; what is not given is the scenario's.
struct arguments {
    std::string url;
    std::string token;
    std::string scenario = "calm";
    std::string party = "ES*ABC";
    std::optional<std::size_t> charge_points;
    std::optional<double> sessions_per_hour;
    std::optional<std::size_t> sessions;
    /// A factor, or `max`; empty: 60, or `max` for scenarios without a pace.
    std::string speed;
    std::optional<std::uint64_t> seed;
    /// Like `24h`.
    std::string duration;
    /// A DateTime; empty: such that no timestamp is ahead of the server's clock.
    std::string start;
    std::optional<std::size_t> concurrency;
    bool drives_clock = false;
    bool verifies = false;
};

/// `90s`, `30m`, `24h`, `7d`; std::nullopt for another text, zero, or more than ten years.
std::optional<std::chrono::seconds> parse_duration(const std::string& text);

/// The start of a simulation that ends when its last instant has come: at `now` without a pace,
/// else when the simulated duration has passed at that speed.
date_time default_start(date_time now, std::chrono::seconds duration, std::optional<double> speed);

/// Runs the simulator. Exit status 0; 1 when --verify has found a difference or an answer was not
/// as OCPI asks; throws std::runtime_error when the arguments or the server are of no use.
int run(const arguments& asked);

}  // namespace ocpi::app::simulate
