#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

/// A charge point operator's platform that exists in this process only: charge points, vehicles,
/// and the charging sessions that it reports to an OCPI server (docs/simulator.md).
namespace ocpi::app::simulate {

/// What a simulation is like. The command line overrides the counts.
struct scenario {
    std::string_view name;
    /// One line, for --help.
    std::string_view about;
    std::size_t charge_points;
    /// At 100 % of `arrivals`.
    double sessions_per_hour;
    /// Charge points with direct current, in percent.
    int dc_share;
    /// Between two updates of a session while energy flows.
    std::chrono::minutes ac_interval;
    std::chrono::minutes dc_interval;
    /// How long vehicles stay at AC charge points; not for overnight.
    std::chrono::minutes min_stay;
    std::chrono::minutes max_stay;
    /// By local hour, in percent of sessions_per_hour.
    std::array<int, 24> arrivals;
    /// Vehicles come home in the evening and leave in the morning; policies manage their sessions.
    bool is_overnight = false;
    /// Sessions with something wrong, in percent.
    int unruly_share = 0;
    /// Reads each session back at each update, for its charging preferences.
    bool reads_preferences = true;
    /// As fast as the server answers, unless --speed says otherwise.
    bool is_unpaced = false;
    std::chrono::hours duration{24};
    /// Requests under way at a time.
    std::size_t concurrency = 16;
};

/// calm, rush-hour, overnight, unruly, flood.
std::span<const scenario> scenarios();

/// nullptr: there is none of that name.
const scenario* find_scenario(std::string_view name);

}  // namespace ocpi::app::simulate
