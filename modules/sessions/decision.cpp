#include "modules/sessions/decision.hpp"

#include "modules/sessions/rules.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/settlement.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::value;

constexpr std::string_view preferences_name = "charging_preferences";

error damaged()
{
    return damaged_session("it has no readable status or last_updated");
}

error too_large()
{
    return error(errc::invalid,
                 "the session would grow beyond " + std::to_string(max_session_bytes) + " bytes");
}

void take_token(decision& into, const session& fields)
{
    if (fields.cdr_token) into.emsp = fields.cdr_token->emsp();
    into.contract = contract_of(fields);
}

/// The PUT with the stored charging preferences that it does not name; nothing when it names them
/// or there are none, or when both together would be too large.
std::optional<json::document> with_kept_preferences(const json::document* stored,
                                                    const json::document& put)
{
    if (!stored || put.root().find(preferences_name)) return {};
    const auto kept = stored->root().find(preferences_name);
    if (!kept || !kept->is(json::kind::object)) return {};
    json::object_writer whole;
    for (auto member : put.root()) whole.raw(member.name(), member.text());
    whole.raw(preferences_name, kept->text());
    const auto text = whole.finish();
    if (text.size() > max_session_bytes) return {};
    auto parsed = json::parse(text);
    if (parsed.has_error()) return {};
    return std::move(*parsed);
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
        "country_code",    "party_id",      "id",
        "start_date_time", "end_date_time", "kwh",
        "cdr_token",       "auth_method",   "authorization_reference",
        "location_id",     "evse_uid",      "connector_id",
        "meter_id",        "currency",      "charging_periods",
        "total_cost",      "status",        "last_updated"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// A Session in the making: members of the stored one, some replaced, removed or added. Members
/// are found by an index, because a hostile PATCH may bring a hundred thousand of them.
class draft {
public:
    explicit draft(value stored)
    {
        members_.reserve(stored.size());
        places_.reserve(stored.size());
        for (auto member : stored) {
            auto& entry = place(member.name(), member.name_text());
            entry.before = member;
            entry.text = member.text();
        }
    }

    /// The stored member of that name.
    std::optional<value> before(std::string_view name) const
    {
        const auto found = places_.find(name);
        if (found == places_.end()) return {};
        return members_[found->second].before;
    }

    void set(value member) { place(member.name(), member.name_text()).text = member.text(); }

    void set(std::string_view name, std::string json)
    {
        place(name, json::quote(name)).own = std::move(json);
    }

    /// True when there was such a member.
    bool erase(std::string_view name)
    {
        const auto found = places_.find(name);
        if (found == places_.end()) return false;
        members_[found->second].is_erased = true;
        return true;
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
            if (entry.is_erased) continue;
            if (json.size() > 1) json += ',';
            json.append(entry.name_text) += ':';
            json.append(entry.own.empty() ? entry.text : std::string_view(entry.own));
        }
        json += '}';
        return json;
    }

private:
    struct slot {
        std::string name_text;
        std::optional<value> before;
        std::string_view text;  ///< of the stored Session or of the PATCH
        std::string own;        ///< of our making; counts when not empty
        bool is_erased = false;

        explicit slot(std::string_view name) : name_text(name) {}
    };

    /// The member of that name, new at the end if there is none.
    slot& place(std::string_view name, std::string_view name_text)
    {
        const auto [found, is_new] = places_.try_emplace(name, members_.size());
        if (is_new) members_.emplace_back(name_text);
        return members_[found->second];
    }

    std::vector<slot> members_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

/// Puts one member of a PATCH into the draft. True when that changes anything.
bool merge_member(draft& merged, value member)
{
    const auto name = member.name();
    const auto before = merged.before(name);
    if (name == "country_code" || name == "party_id" || name == "id") return false;
    // A tolerant PATCH may bring it as null, which is as good as not at all.
    if (name == "last_updated" && member.is(json::kind::null)) return false;
    if (const auto list = as_timed_list(name)) {
        if (member.is(json::kind::null)) return false;
        if (member.is(json::kind::array)) {
            auto appended = append(*list, before, member);
            if (appended.changed) merged.set(name, std::move(appended.json));
            return appended.changed;
        }
    }
    if (member.is(json::kind::null) && is_session_field(name)) return merged.erase(name);
    if (before && json::same(*before, member, json::number_equality::spelling)) return false;
    merged.set(member);
    return true;
}

/// Judges the step when the stored status restricts more than the next status.
result<void> check(const session& head, const json::document& stored, session_status new_status,
                   const std::string& candidate_text)
{
    if (!is_over(*head.status))
        return check_step(*head.status, stored.root(), new_status, stored.root());
    const auto candidate = json::parse(candidate_text);
    if (candidate.has_error()) return candidate.error();
    return check_step(*head.status, stored.root(), new_status, candidate->root());
}

}  // namespace

result<decision> decide_put(const json::document* stored, const parsed_session& put,
                            strictness strict)
{
    const auto with_kept = with_kept_preferences(stored, put.document);
    const auto& sent = with_kept ? *with_kept : put.document;
    decision made;
    made.changes = true;
    made.json = text_in_time_order(sent);
    made.last_updated = *put.fields.last_updated;
    made.settled_at = settled_at(sent);
    take_token(made, put.fields);
    made.tolerated = put.tolerated;
    if (!stored) return made;

    const auto head = read_stored_head(*stored);
    if (!head.status || !head.last_updated) return damaged();
    if (made.last_updated < *head.last_updated) {
        if (strict == strictness::strict) return stale(made.last_updated, *head.last_updated);
        made.tolerated.push_back("/last_updated is older than the stored one");
    }
    if (made.json == stored->text() ||
        json::same(stored->root(), sent.root(), json::number_equality::spelling)) {
        made.changes = false;
        return made;
    }
    const auto allowed = check(head, *stored, *put.fields.status, made.json);
    if (allowed.has_error()) return allowed.error();
    return made;
}

result<decision> decide_pulled(const json::document* stored, const parsed_session& pulled)
{
    if (pulled.document.text().size() > max_session_bytes) return too_large();
    if (stored) {
        const auto head = read_stored_head(*stored);
        if (!head.last_updated) return damaged();
        if (*pulled.fields.last_updated < *head.last_updated) return decision();
    }
    return decide_put(stored, pulled, strictness::strict);
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
    take_token(made, patch.document.root().find("cdr_token") ? patch.fields : head);

    draft merged(stored.root());
    for (auto member : patch.document.root()) {
        if (merge_member(merged, member)) made.changes = true;
    }
    if (!made.changes) return made;
    if (!sent) merged.set("last_updated", json::quote(to_string(made.last_updated)));
    made.json = merged.write();
    if (made.json.size() > max_session_bytes) return too_large();
    const auto status = patch.fields.status.value_or(*head.status);
    const auto allowed = check(head, stored, status, made.json);
    if (allowed.has_error()) return allowed.error();
    if (status != session_status::completed) return made;
    const auto candidate = json::parse(made.json);
    if (candidate.has_error()) return candidate.error();
    made.settled_at = settled_at(*candidate);
    return made;
}

result<decision> decide_preferences(const json::document& stored, const std::string& preferences)
{
    const auto head = read_stored_head(stored);
    if (!head.status || !head.last_updated) return damaged();
    decision made;
    made.last_updated = *head.last_updated;
    take_token(made, head);
    if (is_over(*head.status)) return made;

    const auto sent = json::parse(preferences);
    if (sent.has_error()) return sent.error();
    draft merged(stored.root());
    const auto before = merged.before(preferences_name);
    if (before && json::same(*before, sent->root(), json::number_equality::spelling)) return made;
    merged.set(preferences_name, sent->text());
    made.changes = true;
    made.json = merged.write();
    if (made.json.size() > max_session_bytes) return too_large();
    return made;
}

}  // namespace ocpi::sessions
