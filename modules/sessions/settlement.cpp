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

std::optional<date_time> settled_at(const json::document& stored)
{
    const auto status = stored.root().find("status");
    if (!status || status->string() != "COMPLETED") return {};
    const auto end = instant(stored, "end_date_time");
    std::vector<std::string> unheeded;
    const auto meter = read_meter_values(stored, unheeded);
    if (!meter.are_sent) return end;
    if (!meter.ended_at) return {};
    return end ? end : meter.ended_at;
}

}  // namespace ocpi::sessions
