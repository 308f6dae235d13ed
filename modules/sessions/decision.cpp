#include "modules/sessions/decision.hpp"

#include "modules/sessions/rules.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::value;

error damaged()
{
    return error(errc::storage, "the stored session cannot be read", {},
                 "a stored session is damaged: it has no readable status or last_updated");
}

std::optional<party> emsp_of(const session& fields)
{
    if (!fields.cdr_token) return {};
    return fields.cdr_token->emsp();
}

/// The PUT's text with its lists in the order of time.
std::string text_in_time_order(const json::document& sent)
{
    json::report ordered;
    for (auto member : sent.root()) {
        const auto list = as_timed_list(member.name());
        if (!list || !member.is(json::kind::array)) continue;
        auto sorted = in_time_order(*list, member);
        if (sorted != member.text()) ordered.add_replacement(member, std::move(sorted));
    }
    return ordered.has_replacements() ? ordered.apply_replacements(sent) : sent.text();
}

/// The fields that OCPI gives a Session; null unsets them. Any other member is kept as sent,
/// null included.
bool is_session_field(std::string_view name)
{
    constexpr std::array<std::string_view, 18> names{
        "country_code", "party_id",    "id",           "start_date_time",
        "end_date_time", "kwh",        "cdr_token",    "auth_method",
        "authorization_reference",     "location_id",  "evse_uid",
        "connector_id", "meter_id",    "currency",     "charging_periods",
        "total_cost",   "status",      "last_updated"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A Session in the making: members of the stored one, some replaced, removed or added.
class draft {
public:
    explicit draft(value stored)
    {
        for (auto member : stored) {
            members_.push_back({member.name(), std::string(member.name_text()),
                                std::string_view(member.text()), {}});
        }
    }

    void set(value member) { place(member.name(), member.name_text()).text = member.text(); }

    void set(std::string_view name, std::string json)
    {
        auto& entry = place(name, json::quote(name));
        entry.own = std::move(json);
        entry.text = {};
    }

    /// True when there was such a member.
    bool erase(std::string_view name)
    {
        return std::erase_if(members_, [name](const slot& e) { return e.name == name; }) > 0;
    }

    std::string write() const
    {
        std::size_t size = 2;
        for (const auto& entry : members_) {
            size += entry.name_text.size() + entry.text.size() + entry.own.size() + 2;
        }
        std::string json;
        json.reserve(size);
        json += '{';
        for (const auto& entry : members_) {
            if (json.size() > 1) json += ',';
            json.append(entry.name_text) += ':';
            json.append(entry.own.empty() ? entry.text : std::string_view(entry.own));
        }
        json += '}';
        return json;
    }

private:
    struct slot {
        std::string_view name;
        std::string name_text;
        std::string_view text;  ///< of the stored Session or of the PATCH
        std::string own;        ///< of our making; counts when not empty
    };

    slot& place(std::string_view name, std::string_view name_text)
    {
        const auto found = std::find_if(members_.begin(), members_.end(),
                                        [name](const slot& e) { return e.name == name; });
        if (found != members_.end()) {
            found->own.clear();
            return *found;
        }
        members_.push_back({name, std::string(name_text), {}, {}});
        return members_.back();
    }

    std::vector<slot> members_;
};

/// Puts one member of a PATCH into the draft. True when that changes anything.
bool merge_member(draft& merged, value stored, value member)
{
    const auto name = member.name();
    const auto before = stored.find(name);
    if (name == "country_code" || name == "party_id" || name == "id") return false;
    if (const auto list = as_timed_list(name)) {
        if (member.is(json::kind::null)) return false;
        if (member.is(json::kind::array)) {
            auto appended = append(*list, before, member);
            if (appended.changed) merged.set(name, std::move(appended.json));
            return appended.changed;
        }
    }
    if (member.is(json::kind::null) && is_session_field(name)) {
        // A tolerant caller's null last_updated is none at all.
        return name != "last_updated" && merged.erase(name);
    }
    if (before && json::same(*before, member, json::number_equality::spelling)) return false;
    merged.set(member);
    return true;
}

/// Judges the step when the stored status restricts more than the next status.
result<void> check(const session& head, const json::document& stored, session_status new_status,
                   const std::string& candidate_text)
{
    const bool is_final = *head.status == session_status::completed ||
                          *head.status == session_status::invalid;
    if (!is_final) return check_step(*head.status, stored.root(), new_status, stored.root());
    const auto candidate = json::parse(candidate_text);
    if (candidate.has_error()) return candidate.error();
    return check_step(*head.status, stored.root(), new_status, candidate->root());
}

}  // namespace

result<decision> decide_put(const json::document* stored, const parsed_session& put,
                            strictness strict)
{
    decision made;
    made.changes = true;
    made.json = text_in_time_order(put.document);
    made.last_updated = *put.fields.last_updated;
    made.emsp = emsp_of(put.fields);
    made.tolerated = put.tolerated;
    if (!stored) return made;

    const auto head = read_stored_head(*stored);
    if (!head.status || !head.last_updated) return damaged();
    if (made.last_updated < *head.last_updated) {
        if (strict == strictness::strict) return stale(made.last_updated, *head.last_updated);
        made.tolerated.push_back("/last_updated is older than the stored one");
    }
    if (made.json == stored->text() ||
        json::same(stored->root(), put.document.root(), json::number_equality::spelling)) {
        made.changes = false;
        return made;
    }
    const auto allowed = check(head, *stored, *put.fields.status, made.json);
    if (allowed.has_error()) return allowed.error();
    return made;
}

result<decision> decide_patch(const json::document& stored, const parsed_session& patch,
                              date_time now)
{
    const auto head = read_stored_head(stored);
    if (!head.status || !head.last_updated) return damaged();
    const auto sent = patch.fields.last_updated;
    if (sent && *sent < *head.last_updated) return stale(*sent, *head.last_updated);

    decision made;
    made.tolerated = patch.tolerated;
    made.last_updated = sent.value_or(std::max(now, *head.last_updated));
    made.emsp = emsp_of(patch.document.root().find("cdr_token") ? patch.fields : head);

    draft merged(stored.root());
    for (auto member : patch.document.root()) {
        if (merge_member(merged, stored.root(), member)) made.changes = true;
    }
    if (!made.changes) return made;
    if (!sent) merged.set("last_updated", json::quote(to_string(made.last_updated)));
    made.json = merged.write();
    if (made.json.size() > max_session_bytes) {
        return error(errc::invalid, "the session would grow beyond " +
                                        std::to_string(max_session_bytes) + " bytes");
    }
    const auto allowed =
        check(head, stored, patch.fields.status.value_or(*head.status), made.json);
    if (allowed.has_error()) return allowed.error();
    return made;
}

}  // namespace ocpi::sessions
