#include "modules/managed/timeline.hpp"

#include "http/csv.hpp"
#include "modules/managed/reading.hpp"
#include "modules/managed/view.hpp"
#include "modules/metering/energy_series.hpp"
#include "modules/metering/state_of_charge.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace ocpi::managed {
namespace {

std::string write(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : "null";
}

std::string text_of(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : std::string();
}

void add(std::vector<std::string>& notes, const std::vector<std::string>& more)
{
    notes.insert(notes.end(), more.begin(), more.end());
}

std::vector<std::pair<date_time, meter_event>> meter_events_of(
    const sessions::meter_values& meter, const std::vector<sessions::reading_context>& contexts)
{
    std::map<date_time, meter_event> events;
    for (const auto& each : meter.registers) events[each.at].kwh = each.value;
    for (const auto& each : meter.powers) events[each.at].kw = each.value;
    for (const auto& each : contexts) {
        const auto event = events.find(each.at);
        if (event == events.end()) continue;
        auto& context = event->second.context;
        if (context.empty() || each.context.starts_with("Transaction.")) context = each.context;
    }
    return {std::make_move_iterator(events.begin()), std::make_move_iterator(events.end())};
}

/// The energy and level of the session up to `now`, and what they say of it.
void add_history(session_timeline& made, const metering::energy_series& energy,
                 const metering::state_of_charge& battery, bool is_capacity_known)
{
    auto shown = metering::make_statistics(energy, battery);
    made.timeseries = std::move(shown.timeseries);
    for (std::size_t i = 0; i < made.timeseries.size(); ++i) {
        const bool is_last = i + 1 == made.timeseries.size();
        const auto level =
            battery.level_at(is_last ? energy.until() : made.timeseries[i + 1].start);
        auto& percent = made.levels.emplace_back();
        if (level) percent = to_decimal(*level);
    }
    for (auto& each : battery.reported()) {
        made.battery_levels.push_back(
            timeline_level{each.at, std::move(each.percent), to_string(each.source)});
    }
    const bool is_later =
        !made.battery_levels.empty() && made.battery_levels.back().at < energy.until();
    if (is_capacity_known && is_later && made.levels.back()) {
        made.battery_levels.push_back(
            timeline_level{energy.until(), *made.levels.back(), "ESTIMATED"});
    }
    add(made.notes, energy.notes());
    add(made.notes, battery.notes());
    add(made.notes, shown.notes);
}

/// The target of one entry changes where the deadline of the policy's schedule passes.
void add_targets(json::array_writer& into, const managed_session& session,
                 const target_entry& entry, date_time from, date_time to)
{
    for (auto at = from;;) {
        json::object_writer written;
        written.string("from", to_string(at))
            .raw("target", write_target(session.rule, session.targets, at));
        into.raw(written.finish());
        const auto goal = target_of(entry, session.rule, at);
        if (entry.user_override || !goal || !goal->ready_by) return;
        if (*goal->ready_by <= at || *goal->ready_by >= to) return;
        at = *goal->ready_by;
    }
}

std::string write_targets(const managed_session& session, date_time start, date_time until)
{
    json::array_writer written;
    auto entries = session.targets;
    if (entries.empty()) entries.emplace_back();
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto from = i == 0 ? start : std::max(entries[i].since, start);
        const bool is_last = i + 1 == entries.size();
        const auto to = is_last ? until : std::min(entries[i + 1].since, until);
        if (is_last ? from <= to : from < to) add_targets(written, session, entries[i], from, to);
    }
    return written.finish();
}

}  // namespace

session_timeline make_timeline(const sessions::session_data& seen,
                               const std::vector<sessions::reading_context>& contexts,
                               const std::optional<managed_session>& managed, date_time now)
{
    session_timeline made;
    made.notes = seen.notes;
    made.meter_events = meter_events_of(seen.meter, contexts);
    const bool is_invalid = seen.fields.status == sessions::session_status::invalid;
    if (!has_begun(seen) && !is_invalid) return made;
    if (!managed || is_invalid) {
        const metering::energy_series energy(seen, now);
        const metering::state_of_charge battery(seen, energy, std::nullopt);
        add_history(made, energy, battery, false);
        return made;
    }
    const charging_history reading(seen, *managed, now);
    add_history(made, reading.energy, reading.battery, true);
    made.blocks = write_blocks(*managed, reading, seen, now);
    made.targets = write_targets(*managed, reading.energy.start(), reading.energy.until());
    return made;
}

session_timeline make_unreadable_timeline(std::string id)
{
    session_timeline made;
    made.id = std::move(id);
    made.notes.emplace_back("the stored session cannot be read");
    return made;
}

std::string write_json(const session_timeline& shown)
{
    json::array_writer levels;
    for (const auto& each : shown.battery_levels) {
        json::object_writer level;
        level.string("at", to_string(each.at))
            .raw("percent", to_text(each.percent))
            .string("source", each.source);
        levels.raw(level.finish());
    }
    json::array_writer events;
    for (const auto& [at, each] : shown.meter_events) {
        json::object_writer reading;
        reading.string("at", to_string(at))
            .raw("kwh", write(each.kwh))
            .raw("kw", write(each.kw))
            .string("context", each.context);
        events.raw(reading.finish());
    }
    json::object_writer timeline;
    timeline.string("id", shown.id)
        .raw("timeseries", metering::write_json(shown.timeseries))
        .raw("batteryLevels", levels.finish())
        .raw("meterEvents", events.finish())
        .raw("blocks", shown.blocks)
        .raw("targets", shown.targets);
    if (!shown.notes.empty()) {
        json::array_writer notes;
        for (const auto& note : shown.notes) notes.raw(json::quote(note));
        timeline.raw("notes", notes.finish());
    }
    return timeline.finish();
}

std::string write_csv(const session_timeline& shown)
{
    http::csv_line head;
    for (const char* name : {"startAt", "kwh", "kw", "batteryPercent"}) head.cell(name);
    auto table = head.finish();
    for (std::size_t i = 0; i < shown.timeseries.size(); ++i) {
        const auto& interval = shown.timeseries[i];
        http::csv_line line;
        line.cell(to_string(interval.start))
            .cell(to_text(interval.kwh))
            .cell(to_text(interval.kw))
            .cell(text_of(shown.levels[i]));
        table += line.finish();
    }
    return table;
}

}  // namespace ocpi::managed
