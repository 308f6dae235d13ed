#include "modules/sessions/settlement.hpp"

#include "modules/sessions/meter_values.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ocpi::sessions {
namespace {

std::optional<date_time> instant(const json::document& stored, std::string_view name)
{
    const auto sent = stored.root().find(name);
    if (!sent) return {};
    const auto parsed = parse_date_time(sent->string());
    if (!parsed) return {};
    return parsed->value;
}

}  // namespace

settlement settlement_of(const json::document& stored)
{
    settlement found;
    const auto status = stored.root().find("status");
    if (!status || status->string() != "COMPLETED") return found;
    const auto end = instant(stored, "end_date_time");
    std::vector<std::string> unheeded;
    const auto meter = read_meter_values(stored, unheeded);
    if (!meter.are_sent) {
        found.settled_at = end;
    } else if (meter.ended_at) {
        found.settled_at = end ? end : meter.ended_at;
    } else {
        found.awaiting_since = end;
    }
    return found;
}

std::optional<date_time> settled_at(const session_data& seen)
{
    const auto& fields = seen.fields;
    if (fields.status != session_status::completed || !is_final(seen)) return std::nullopt;
    return fields.end_date_time ? fields.end_date_time : seen.meter.ended_at;
}

std::optional<date_time> overdue_since(date_time now, final_reading_timeout timeout)
{
    if (timeout <= final_reading_timeout::zero()) return std::nullopt;
    return date_time(now.instant() - timeout);
}

}  // namespace ocpi::sessions
