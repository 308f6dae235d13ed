#include "modules/status/status_view.hpp"

#include "modules/metering/energy_series.hpp"
#include "modules/metering/state_of_charge.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace ocpi::status {
namespace {

using std::chrono::milliseconds;

/// In the order of the enumeration.
constexpr std::array<std::string_view, 4> names{"IN_PROGRESS", "COMPLETED", "PENDING", "INVALID"};

/// Of a session that is over.
std::optional<date_time> end_of(const sessions::session_data& seen)
{
    const auto& end = seen.fields.end_date_time;
    return end ? end : seen.meter.ended_at;
}

std::optional<milliseconds> duration(const sessions::session_data& seen, date_time now)
{
    const auto& fields = seen.fields;
    if (!fields.start_date_time) return {};
    std::optional<date_time> end = now;
    if (!sessions::is_live(seen)) end = end_of(seen);
    if (!end) return {};
    return std::max(end->instant() - fields.start_date_time->instant(), milliseconds(0));
}

/// A volume below 0 counts as none.
std::optional<decimal> delivered(const sessions::session_data& seen)
{
    const auto& kwh = seen.fields.kwh;
    return kwh && kwh->is_negative() ? decimal() : kwh;
}

decimal power(const decimal& kwh, milliseconds time)
{
    return to_decimal(to_rational(kwh) * 3'600'000 / time.count());
}

/// What the last two registers make, at the instant of the last one; std::nullopt when that is
/// below the other.
std::optional<sessions::meter_reading> power_between_registers(const sessions::session_data& seen)
{
    const auto& registers = seen.meter.registers;
    if (registers.size() < 2) return std::nullopt;
    const auto& last = registers.back();
    const auto& before = registers[registers.size() - 2];
    if (last.value < before.value) return std::nullopt;
    const auto step = last.value - before.value;
    if (!step.fits(max_rational_places)) return std::nullopt;
    return sessions::meter_reading{last.at, power(step, last.at.instant() - before.at.instant())};
}

/// What is newest of both.
std::optional<decimal> live_power(const sessions::session_data& seen)
{
    if (!sessions::is_live(seen)) return std::nullopt;
    const auto& sampled = seen.meter.power;
    const bool has_newer_register =
        !sampled || (!seen.meter.registers.empty() && seen.meter.registers.back().at > sampled->at);
    if (has_newer_register) {
        if (auto made = power_between_registers(seen)) return std::move(made->value);
    }
    if (!sampled) return std::nullopt;
    return sampled->value;
}

std::string write(const std::optional<date_time>& instant)
{
    return instant ? json::quote(to_string(*instant)) : "null";
}

std::optional<std::string> text_of(const std::optional<ci_string>& text)
{
    if (!text) return {};
    return text->str();
}

std::string write(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : "null";
}

std::string write(const std::optional<std::string>& text)
{
    return text ? json::quote(*text) : "null";
}

std::string write(bool truth)
{
    return truth ? "true" : "false";
}

std::string write(const std::optional<shown_cost>& cost)
{
    if (!cost) return "null";
    json::object_writer object;
    object.raw("amount", write(cost->amount));
    object.raw("currency", write(cost->currency));
    object.string("coverage", cost->coverage);
    object.raw("estimated", write(cost->estimated));
    return object.finish();
}

std::string write_charger(const status_view& view)
{
    if (!view.location_id && !view.evse_uid && !view.connector_id) return "null";
    json::object_writer object;
    object.raw("locationId", write(view.location_id));
    object.raw("evseUid", write(view.evse_uid));
    object.raw("connectorId", write(view.connector_id));
    return object.finish();
}

}  // namespace

std::string_view to_string(shown_status status) noexcept
{
    return names[static_cast<std::size_t>(status)];
}

shown_status show_status(const sessions::session_data& seen) noexcept
{
    switch (seen.fields.status.value_or(sessions::session_status::active)) {
        case sessions::session_status::pending:
        case sessions::session_status::reservation: return shown_status::pending;
        case sessions::session_status::invalid: return shown_status::invalid;
        case sessions::session_status::completed:
            return sessions::is_final(seen) ? shown_status::completed : shown_status::in_progress;
        case sessions::session_status::active: break;
    }
    return shown_status::in_progress;
}

status_view make_status_view(const sessions::session_data& seen, date_time now, shown_ids ids,
                             std::optional<shown_cost> cost)
{
    const auto& fields = seen.fields;
    status_view view;
    view.ids = std::move(ids);
    view.status = show_status(seen);
    view.is_live = sessions::is_live(seen);
    view.is_final = sessions::is_final(seen);
    view.awaits_final_reading = sessions::awaits_final_reading(seen);
    view.kwh = delivered(seen);
    const auto time = duration(seen, now);
    if (time) view.duration_seconds = std::chrono::floor<std::chrono::seconds>(*time).count();
    if (time && time->count() > 0 && view.kwh) view.average_kw = power(*view.kwh, *time);
    view.live_kw = live_power(seen);
    view.cost = std::move(cost);
    view.location_id = text_of(fields.location_id);
    view.evse_uid = text_of(fields.evse_uid);
    view.connector_id = text_of(fields.connector_id);
    view.last_updated = fields.last_updated;
    const bool is_expected = view.is_live || view.awaits_final_reading;
    view.stale = is_expected && fields.last_updated &&
                 now.instant() - fields.last_updated->instant() >= stale_after;
    return view;
}

namespace {

void write_members(json::object_writer& object, const status_view& view)
{
    object.string("id", view.ids.id);
    object.raw("policyId", write(view.ids.policy_id));
    object.string("status", to_string(view.status));
    object.raw("isLive", write(view.is_live));
    object.raw("isFinal", write(view.is_final));
    object.raw("awaitingFinalReading", write(view.awaits_final_reading));
    object.raw("kwh", write(view.kwh));
    object.raw("durationSeconds",
               view.duration_seconds ? std::to_string(*view.duration_seconds) : "null");
    object.raw("averageKw", write(view.average_kw));
    object.raw("liveKw", write(view.live_kw));
    object.raw("cost", write(view.cost));
    object.raw("charger", write_charger(view));
    object.raw("stale", write(view.stale));
    object.raw("lastUpdated", write(view.last_updated));
}

}  // namespace

std::string write_json(const status_view& view)
{
    json::object_writer object;
    write_members(object, view);
    return object.finish();
}

listed_status make_listed_status(const sessions::session_data& seen, date_time now,
                                 status_view view, const std::optional<decimal>& capacity_kwh)
{
    const auto& fields = seen.fields;
    listed_status listed;
    listed.started_at = fields.start_date_time;
    if (!view.is_live) listed.ended_at = end_of(seen);
    if (fields.cdr_token) listed.contract_id = text_of(fields.cdr_token->contract_id);
    listed.view = std::move(view);
    if (!fields.start_date_time) return listed;
    const metering::energy_series energy(seen, now);
    const metering::state_of_charge battery(seen, energy, capacity_kwh);
    if (const auto level = battery.first()) listed.battery_from = to_decimal(*level);
    if (const auto level = battery.last()) listed.battery_to = to_decimal(*level);
    return listed;
}

std::string write_json(const listed_status& listed)
{
    json::object_writer object;
    write_members(object, listed.view);
    object.raw("startedAt", write(listed.started_at));
    object.raw("endedAt", write(listed.ended_at));
    object.raw("batteryFrom", write(listed.battery_from));
    object.raw("batteryTo", write(listed.battery_to));
    object.raw("contractId", write(listed.contract_id));
    return object.finish();
}

}  // namespace ocpi::status
