#include "modules/managed/control_error.hpp"

#include "modules/managed/blocks.hpp"

#include <algorithm>

namespace ocpi::managed {
namespace {

/// The CPO tells how the session goes, and not just what it came to.
bool reports_progress(const sessions::session_data& seen)
{
    return seen.meter.are_sent || !seen.fields.charging_periods.empty();
}

std::vector<std::string_view> missing_capabilities(const managed_session& session,
                                                   const sessions::session_data& seen,
                                                   const charging_history& reading)
{
    std::vector<std::string_view> missing;
    if (!reading.battery.level_at(reading.energy.until())) missing.emplace_back("STATE_OF_CHARGE");
    if (!reports_progress(seen)) missing.emplace_back("METER_VALUES");
    if (session.preferences_unsupported) missing.emplace_back("CHARGING_PREFERENCES_CAPABLE");
    return missing;
}

bool is_goal_unmet(const managed_session& session, const charging_history& reading, date_time now)
{
    const auto level = reading.battery.level_at(now);
    if (!level) return false;
    if (*level < to_rational(session.rule.battery_reserve)) return true;
    const auto goal = target_of(target_in_force(session.targets, now), session.rule, now);
    return goal && *level < to_rational(goal->minimum_charge_target);
}

bool has_failed_to_start(const managed_session& session, const charging_history& reading,
                         date_time now)
{
    const auto flows = reading.energy.reported_flows();
    for (const auto& block : merge_adjacent(session.planned)) {
        if (now.instant() - block.start.instant() < tolerated_delay) break;
        if (flows.empty() || flows.back().end <= block.start) {
            return is_goal_unmet(session, reading, now);
        }
    }
    return false;
}

/// How long energy has flowed against the plan: up to what is known last, outside every planned
/// block.
std::chrono::milliseconds time_against_plan(const managed_session& session,
                                            const charging_history& reading)
{
    const auto flows = reading.energy.reported_flows();
    if (flows.empty() || !session.planned_since) return {};
    const auto& latest = flows.back();
    if (latest.end < reading.energy.known_until()) return {};
    auto begin = std::max(latest.start, std::min(*session.planned_since, latest.end));
    for (const auto& block : session.planned) {
        if (block.start >= latest.end) break;
        begin = std::max(begin, std::min(block.end, latest.end));
    }
    return latest.end.instant() - begin.instant();
}

}  // namespace

std::string_view to_string(control_error_type type) noexcept
{
    switch (type) {
        case control_error_type::missing_capabilities: return "MISSING_CAPABILITIES";
        case control_error_type::start_fail: return "START_FAIL";
        case control_error_type::stop_fail: return "STOP_FAIL";
    }
    return {};
}

std::optional<control_error> find_control_error(const managed_session& session,
                                                const sessions::session_data& seen,
                                                const charging_history& reading, date_time now)
{
    if (!sessions::is_live(seen)) return std::nullopt;
    if (now.instant() - reading.energy.start().instant() < tolerated_delay) return std::nullopt;
    control_error found;
    found.missing_capabilities = missing_capabilities(session, seen, reading);
    if (!found.missing_capabilities.empty()) return found;
    if (has_failed_to_start(session, reading, now)) {
        found.type = control_error_type::start_fail;
        return found;
    }
    if (time_against_plan(session, reading) >= tolerated_delay) {
        found.type = control_error_type::stop_fail;
        return found;
    }
    return std::nullopt;
}

}  // namespace ocpi::managed
