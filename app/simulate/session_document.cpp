#include "app/simulate/session_document.hpp"

#include "ocpi/json/writer.hpp"

#include <algorithm>

namespace ocpi::app::simulate {
namespace {

std::string write_list(const std::vector<std::string>& elements, std::size_t from)
{
    json::array_writer list;
    for (auto i = from; i < elements.size(); ++i) list.raw(elements[i]);
    return list.finish();
}

}  // namespace

void session_document::set(std::string_view name, std::string json)
{
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [name](const member& each) { return each.name == name; });
    if (found == members_.end()) {
        members_.push_back(member{std::string(name), std::move(json)});
        return;
    }
    found->json = std::move(json);
    found->is_changed = true;
}

void session_document::set_string(std::string_view name, std::string_view text)
{
    set(name, json::quote(text));
}

std::string session_document::text() const
{
    json::object_writer whole;
    for (const auto& each : members_) whole.raw(each.name, each.json);
    if (!periods_.empty()) whole.raw("charging_periods", write_list(periods_, 0));
    if (!meter_values_.empty()) whole.raw("meter_value", write_list(meter_values_, 0));
    return whole.finish();
}

std::string session_document::take_patch()
{
    json::object_writer patch;
    for (const auto& each : members_) {
        if (each.is_changed) patch.raw(each.name, each.json);
    }
    if (sent_periods_ < periods_.size()) {
        patch.raw("charging_periods", write_list(periods_, sent_periods_));
    }
    if (sent_meter_values_ < meter_values_.size()) {
        patch.raw("meter_value", write_list(meter_values_, sent_meter_values_));
    }
    forget_changes();
    return patch.finish();
}

std::string session_document::take_whole()
{
    forget_changes();
    return text();
}

void session_document::forget_changes()
{
    for (auto& each : members_) each.is_changed = false;
    sent_periods_ = periods_.size();
    sent_meter_values_ = meter_values_.size();
}

}  // namespace ocpi::app::simulate
