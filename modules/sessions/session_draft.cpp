#include "modules/sessions/session_draft.hpp"

#include "ocpi/json/writer.hpp"

#include <utility>

namespace ocpi::sessions {

session_draft::session_draft(json::value stored)
{
    members_.reserve(stored.size());
    places_.reserve(stored.size());
    for (auto member : stored) {
        auto& entry = place(member.name(), member.name_text());
        entry.before = member;
        entry.text = member.text();
    }
}

std::optional<json::value> session_draft::before(std::string_view name) const
{
    const auto found = places_.find(name);
    if (found == places_.end()) return {};
    return members_[found->second].before;
}

void session_draft::set(json::value member)
{
    place(member.name(), member.name_text()).text = member.text();
}

void session_draft::set(std::string_view name, std::string json)
{
    place(name, json::quote(name)).own = std::move(json);
}

bool session_draft::erase(std::string_view name)
{
    const auto found = places_.find(name);
    if (found == places_.end()) return false;
    members_[found->second].is_erased = true;
    return true;
}

std::string session_draft::write() const
{
    std::size_t size = 2;
    for (const auto& entry : members_) {
        size += entry.name_text.size() + entry.text.size() + entry.own.size() + 2;
    }
    std::string json;
    json.reserve(size);
    json += '{';
    for (const auto& entry : members_) {
        if (entry.is_erased) continue;
        if (json.size() > 1) json += ',';
        json.append(entry.name_text) += ':';
        json.append(entry.own.empty() ? entry.text : std::string_view(entry.own));
    }
    json += '}';
    return json;
}

session_draft::slot& session_draft::place(std::string_view name, std::string_view name_text)
{
    const auto [found, is_new] = places_.try_emplace(name, members_.size());
    if (is_new) members_.emplace_back(name_text);
    return members_[found->second];
}

}  // namespace ocpi::sessions
