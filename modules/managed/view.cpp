#include "modules/managed/view.hpp"

#include "modules/managed/blocks.hpp"
#include "modules/managed/control_error.hpp"
#include "modules/managed/progress.hpp"
#include "modules/metering/statistics.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ocpi::managed {
namespace {

constexpr std::string_view null = "null";
constexpr std::string_view no_latest = R"({"latest":null})";

std::string quoted(date_time instant)
{
    return json::quote(to_string(instant));
}

/// Of a session that has settled. It is what lists are sorted by, even if it is before plug-in.
std::string write_plugged_out_at(const sessions::session_data& seen)
{
    const auto end = seen.fields.end_date_time ? seen.fields.end_date_time : seen.meter.ended_at;
    return end ? quoted(*end) : std::string(null);
}

std::string latest(std::string_view json)
{
    json::object_writer written;
    written.raw("latest", json);
    return written.finish();
}

std::string write_block(const block& each)
{
    json::object_writer written;
    written.string("type", to_string(each.type))
        .raw("kwhSum", to_text(each.kwh_sum))
        .string("startAt", to_string(each.start))
        .string("endAt", to_string(each.end));
    return written.finish();
}

std::string write_outcome(const std::optional<estimate>& made)
{
    if (!made) return std::string(no_latest);
    const auto reached_at = made->reached_at ? quoted(*made->reached_at) : std::string(null);
    json::object_writer written;
    written.string("type", to_string(made->type)).integer("targetId", made->target_id);
    if (made->type == target_type::immediate_start) {
        written.raw("minimumChargeTargetReachedAt", reached_at);
        return latest(written.finish());
    }
    const auto level = to_text(to_decimal(made->level_at_ready_by));
    written.string("state", made->is_on_target ? "ON_TARGET" : "OFF_TARGET")
        .raw("batteryLevelAtReadyBy", made->is_on_target ? null : std::string_view(level))
        .raw("minimumChargeTargetReachedAt",
             made->is_on_target ? null : std::string_view(reached_at));
    return latest(written.finish());
}

std::string write_error(const std::optional<control_error>& found)
{
    if (!found) return std::string(no_latest);
    json::object_writer written;
    written.string("type", to_string(found->type));
    if (found->type == control_error_type::missing_capabilities) {
        json::array_writer missing;
        for (const auto name : found->missing_capabilities) missing.raw(json::quote(name));
        written.raw("missingCapabilities", missing.finish());
    }
    return latest(written.finish());
}

/// While charging does not start, the outcome is the present level.
std::optional<estimate> outcome_of(const managed_session& session, const charging_history& reading,
                                   const std::optional<control_error>& error)
{
    auto made = session.estimate;
    if (!made || !error || error->type != control_error_type::start_fail) return made;
    made->is_on_target = false;
    made->reached_at.reset();
    const auto level = reading.battery.level_at(reading.energy.until());
    if (level) made->level_at_ready_by = *level;
    return made;
}

std::string_view active_state(const managed_session& session, const charging_history& reading,
                              date_time now)
{
    const auto level = reading.battery.level_at(reading.energy.until());
    if (!level) return "ACTIVE:REGULAR";
    const auto entry = target_in_force(session.targets, now);
    if (is_immediate(entry)) return "ACTIVE:IMMEDIATE_START";
    const bool is_below = *level < to_rational(reserve_of(entry, session.rule));
    return is_below ? "ACTIVE:BATTERY_RESERVE" : "ACTIVE:REGULAR";
}

void write_notes(json::object_writer& view, const sessions::session_data& seen,
                 const metering::energy_series& energy, const metering::state_of_charge& battery,
                 const metering::statistics& shown)
{
    auto notes = seen.notes;
    for (const auto* more : {&energy.notes(), &battery.notes(), &shown.notes}) {
        notes.insert(notes.end(), more->begin(), more->end());
    }
    if (notes.empty()) return;
    json::array_writer written;
    for (const auto& note : notes) written.raw(json::quote(note));
    view.raw("notes", written.finish());
}

}  // namespace

std::string write_blocks(const managed_session& session, const charging_history& reading,
                         const sessions::session_data& seen, date_time now)
{
    json::array_writer written;
    for (const auto& each : past_blocks(session, reading)) written.raw(write_block(each));
    if (!sessions::is_live(seen)) return written.finish();
    for (const auto& each : future_blocks(session, reading, now)) written.raw(write_block(each));
    return written.finish();
}

std::string write_target(const policy& rule, const target_history& targets, date_time now)
{
    const auto entry = target_in_force(targets, now);
    const auto goal = target_of(entry, rule, now);
    if (!goal) return std::string(null);
    json::object_writer written;
    written.integer("id", entry.id).string("type", to_string(goal->type));
    if (goal->type == target_type::regular) {
        written.string("source", to_string(goal->source))
            .raw("batteryReserve", to_text(reserve_of(entry, rule)));
    }
    written.raw("minimumChargeTarget", to_text(goal->minimum_charge_target));
    if (goal->ready_by) written.string("readyBy", to_string(*goal->ready_by));
    return written.finish();
}

std::string write_upcoming(const std::optional<std::string>& view_id, const policy& rule,
                           const target_history& targets, date_time now)
{
    json::object_writer view;
    if (view_id) view.string("id", *view_id);
    view.string("policyId", rule.id)
        .string("state", "UPCOMING")
        .raw("pluggedInAt", null)
        .raw("pluggedOutAt", null)
        .raw("blocks", "[]")
        .raw("statistics", R"({"aggregated":null,"timeseries":[]})")
        .raw("target", latest(write_target(rule, targets, now)))
        .raw("outcome", no_latest)
        .raw("error", no_latest);
    return view.finish();
}

std::string write_managed(std::string_view view_id, const managed_session& session,
                          const sessions::session_data& seen, date_time now)
{
    const charging_history reading(seen, session, now);
    const auto end = reading.energy.until();
    const auto shown = metering::make_statistics(reading.energy, reading.battery);
    const auto error = find_control_error(session, seen, reading, now);
    // What came after the end may have taken the last reading away again.
    const bool is_settled = session.is_settled && sessions::is_final(seen);

    json::object_writer view;
    view.string("id", view_id)
        .string("policyId", session.rule.id)
        .string("state", is_settled ? "SETTLED" : active_state(session, reading, end))
        .raw("pluggedInAt", quoted(reading.energy.start()))
        .raw("pluggedOutAt", is_settled ? write_plugged_out_at(seen) : std::string(null))
        .raw("blocks", write_blocks(session, reading, seen, now))
        .raw("statistics", write_json(shown))
        .raw("target", latest(write_target(session.rule, session.targets, end)))
        .raw("outcome", write_outcome(outcome_of(session, reading, error)))
        .raw("error", write_error(error));
    write_notes(view, seen, reading.energy, reading.battery, shown);
    return view.finish();
}

std::string write_unmanaged(std::string_view view_id, const sessions::session_data& seen)
{
    // A session that is over ends where it ended, whenever it is looked at.
    const metering::energy_series energy(seen, date_time());
    const metering::state_of_charge battery(seen, energy, std::nullopt);
    const auto shown = metering::make_statistics(energy, battery);

    json::object_writer view;
    view.string("id", view_id)
        .raw("policyId", null)
        .string("state", "SETTLED")
        .raw("pluggedInAt", quoted(energy.start()))
        .raw("pluggedOutAt", write_plugged_out_at(seen))
        .raw("blocks", "[]")
        .raw("statistics", write_json(shown))
        .raw("target", no_latest)
        .raw("outcome", no_latest)
        .raw("error", no_latest);
    write_notes(view, seen, energy, battery, shown);
    return view.finish();
}

}  // namespace ocpi::managed
