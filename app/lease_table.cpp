#include "app/lease_table.hpp"

#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ocpi::app {
namespace {

using lease_row = std::array<std::string, 5>;

std::string tenths_of_seconds(std::chrono::milliseconds time)
{
    const auto tenths = std::max<std::int64_t>(time.count(), 0) / 100;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

lease_row make_row(const crud::lease_entry& of)
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
    std::vector<lease_row> rows{{"NAME", "HOLDER", "EPOCH", "AGE", "LEFT"}};
    for (const auto& each : leases) rows.push_back(make_row(each));
    std::array<std::size_t, 5> widths{};
    for (const auto& each : rows) {
        for (std::size_t i = 0; i < each.size(); ++i) {
            widths[i] = std::max(widths[i], each[i].size());
        }
    }
    std::string text;
    for (auto& each : rows) {
        for (std::size_t i = 0; i + 1 < each.size(); ++i) {
            each[i].resize(widths[i] + 2, ' ');
            text += each[i];
        }
        text += each.back() + '\n';
    }
    return text;
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
