#include "app/lease_table.hpp"

#include "app/text_table.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <cstdint>

namespace ocpi::app {
namespace {

std::string tenths_of_seconds(std::chrono::milliseconds time)
{
    const auto tenths = std::max<std::int64_t>(time.count(), 0) / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

std::vector<std::string> cells_of(const crud::lease_entry& of)
{
    const bool is_free = of.holder.empty();
    const bool is_expired = !is_free && of.left.count() <= 0;
    return {of.name, is_free ? "-" : of.holder, std::to_string(of.epoch),
            is_free ? "-" : describe_duration(of.age),
            is_free      ? "free"
            : is_expired ? "expired"
                         : describe_duration(of.left)};
}

}  // namespace

std::string describe_duration(std::chrono::milliseconds time)
{
    const auto seconds = std::max<std::int64_t>(time.count(), 0) / 1000;
    if (seconds < 60) return tenths_of_seconds(time) + " s";
    if (seconds < 3600) return std::to_string(seconds / 60) + " min";
    if (seconds < 86'400) return std::to_string(seconds / 3600) + " h";
    return std::to_string(seconds / 86'400) + " d";
}

std::string describe_leases(const std::vector<crud::lease_entry>& leases)
{
    std::vector<std::vector<std::string>> rows{{"NAME", "HOLDER", "EPOCH", "AGE", "LEFT"}};
    for (const auto& each : leases) rows.push_back(cells_of(each));
    return write_table(rows);
}

std::string leases_to_json(const std::vector<crud::lease_entry>& leases)
{
    json::array_writer list;
    for (const auto& each : leases) {
        json::object_writer object;
        object.string("name", each.name);
        const bool is_free = each.holder.empty();
        object.raw("holder", is_free ? "null" : json::quote(each.holder));
        object.raw("epoch", std::to_string(each.epoch));
        object.raw("ageSeconds", is_free ? "null" : tenths_of_seconds(each.age));
        object.raw("leftSeconds", is_free ? "null" : tenths_of_seconds(each.left));
        list.raw(object.finish());
    }
    return list.finish();
}

}  // namespace ocpi::app
