#include "app/simulate/report.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string_view>

namespace ocpi::app::simulate {
namespace {

struct session_counts {
    std::map<std::string_view, std::uint64_t> by_status;
    std::uint64_t charging = 0;
    std::uint64_t begun = 0;
    std::int64_t energy_wh = 0;

    std::uint64_t of(std::string_view status) const
    {
        const auto found = by_status.find(status);
        return found == by_status.end() ? 0 : found->second;
    }
};

session_counts count_sessions(const simulation& in)
{
    session_counts counts;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const auto& session = in.session(i);
        if (session.status().empty()) continue;
        ++counts.begun;
        ++counts.by_status[session.status()];
        if (session.is_charging()) ++counts.charging;
        counts.energy_wh += session.energy_wh();
    }
    return counts;
}

std::string milliseconds_of(double ms)
{
    char text[32];
    std::snprintf(text, sizeof text, ms < 10 ? "%.1f ms" : "%.0f ms", ms);
    return text;
}

double seconds_of(std::chrono::steady_clock::duration time)
{
    return std::chrono::duration<double>(time).count();
}

std::string seconds_text(std::chrono::steady_clock::duration time)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", seconds_of(time));
    return text;
}

/// `2026-06-01 14:05` in UTC.
std::string short_time(date_time at)
{
    auto text = to_string(at).substr(0, 16);
    text[10] = ' ';
    return text;
}

}  // namespace

std::string describe_progress(const driver& of, double writes_per_second)
{
    if (of.is_verifying()) {
        return "verified " + grouped(of.verified()) + " of " + grouped(of.simulated().size()) +
               " sessions";
    }
    const auto counts = count_sessions(of.simulated());
    // Without the year, to fit a terminal of 80 columns.
    auto text = short_time(of.now()).substr(5) + ": " + grouped(counts.of("ACTIVE")) + " active, " +
                grouped(counts.charging) + " charging, " + grouped(counts.of("COMPLETED")) +
                " completed; " + grouped(of.tally().writes()) + " writes, " +
                grouped(static_cast<std::uint64_t>(writes_per_second)) + "/s, p99 " +
                milliseconds_of(of.tally().latencies.percentile_ms(99));
    if (of.tally().unexpected > 0) {
        text += "; " + grouped(of.tally().unexpected) + " unexpected";
    }
    return text;
}

std::string describe_outcome(const driver& of)
{
    const auto& sent = of.tally();
    const auto& in = of.simulated();
    const auto counts = count_sessions(in);
    const auto seconds = std::max(seconds_of(of.elapsed()), 0.001);
    std::string text;
    text += "simulated   " + short_time(in.options().start) + " to " + short_time(of.now()) +
            " UTC in " + seconds_text(of.elapsed()) + "\n";
    text += "sessions    " + grouped(counts.begun) + ": " + grouped(counts.of("COMPLETED")) +
            " completed, " + grouped(counts.of("ACTIVE")) + " active, " +
            grouped(counts.of("PENDING")) + " pending, " + grouped(counts.of("INVALID")) +
            " invalid; " + grouped(static_cast<std::uint64_t>(counts.energy_wh / 1000)) + " kWh; " +
            grouped(in.turned_away()) + " vehicles found no free charge point\n";
    text += "writes      " + grouped(sent.writes()) + ": " + grouped(sent.puts) + " PUT, " +
            grouped(sent.patches) + " PATCH; " +
            grouped(static_cast<std::uint64_t>(static_cast<double>(sent.writes()) / seconds)) +
            "/s; latency p50 " + milliseconds_of(sent.latencies.percentile_ms(50)) + ", p99 " +
            milliseconds_of(sent.latencies.percentile_ms(99)) + ", p99.9 " +
            milliseconds_of(sent.latencies.percentile_ms(99.9)) + "\n";
    text += "of these    " + grouped(sent.repetitions) + " repeated, " + grouped(sent.out_of_date) +
            " out of date, to be refused; " + grouped(sent.repairs) + " repairs by PUT; " +
            grouped(sent.retries) + " retries\n";
    if (sent.preferences > 0) {
        text += "preferences " + grouped(sent.preferences) + " taken and obeyed\n";
    }
    text += "answers     " + grouped(sent.unexpected) + " unexpected\n";
    if (of.is_verifying()) {
        text += "verified    " + grouped(of.verified()) +
                " sessions: " + grouped(of.differences().size()) + " differences\n";
    }
    constexpr std::size_t max_listed = 50;
    for (std::size_t i = 0; i < of.differences().size(); ++i) {
        if (i == max_listed) {
            text += "  and " + grouped(of.differences().size() - max_listed) + " more\n";
            break;
        }
        text += "  " + to_string(of.differences()[i]) + "\n";
    }
    return text;
}

}  // namespace ocpi::app::simulate
