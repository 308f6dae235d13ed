#include "modules/sessions/decision.hpp"

#include "modules/sessions/documented_fields.hpp"
#include "modules/sessions/rules.hpp"
#include "modules/sessions/session_draft.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/session_summary.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/json/writer.hpp"
#include "ocpi/protocol/sender_clock.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::sessions {
namespace {

using json::value;

constexpr std::string_view preferences_name = "charging_preferences";
constexpr std::string_view meter_values_name = "meter_value";

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

/// What was sent with a member of the stored Session in the place of its own; std::nullopt when
/// there is none of that kind, or when both together would be too large.
std::optional<json::document> with_kept(std::string_view name, json::kind wanted,
                                        const json::document& stored, const json::document& sent)
{
    const auto kept = stored.root().find(name);
    if (!kept || !kept->is(wanted)) return {};
    json::object_writer whole;
    for (auto member : sent.root()) {
        if (member.name() != name) whole.raw(member.name(), member.text());
    }
    whole.raw(name, kept->text());
    const auto text = whole.finish();
    if (text.size() > max_session_bytes) return {};
    auto parsed = json::parse(text);
    if (parsed.has_error()) return {};
    return std::move(*parsed);
}

/// The PUT's text with its lists in the order of time.
std::string text_in_time_order(const json::document& sent)
{
    json::diagnostics ordered;
    for (auto member : sent.root()) {
        const auto list = as_timed_list(member.name());
        if (!list || !member.is(json::kind::array)) continue;
        auto sorted = in_time_order(*list, member);
        if (sorted != member.text()) ordered.add_replacement(member, std::move(sorted));
    }
    return ordered.has_replacements() ? ordered.apply_replacements(sent) : sent.text();
}

/// Puts one member of a PATCH into the draft. True when that changes anything.
bool merge_member(session_draft& merged, value member)
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
    // Null unsets a field of OCPI; any other member is kept as sent, null included.
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

/// Decides what becomes of `sent`, the Session of `put` with what is kept of the stored one.
result<decision> decide_whole(const json::document* stored, const json::document& sent,
                              const parsed_session& put, strictness strict, date_time now)
{
    decision made;
    made.changes = true;
    made.json = text_in_time_order(sent);
    made.last_updated = *put.fields.last_updated;
    made.settlement = settlement_of(sent);
    made.summary = summarize(sent.root());
    take_token(made, put.fields);
    made.tolerated = put.tolerated;
    if (auto note = protocol::note_clock_lead(made.last_updated, now)) {
        made.tolerated.push_back(std::move(*note));
    }
    if (!stored) return made;

    const auto head = read_stored_head(*stored);
    if (!head.status || !head.last_updated) return damaged();
    if (protocol::is_stale(made.last_updated, *head.last_updated, now)) {
        if (strict == strictness::strict)
            return protocol::stale("session", made.last_updated, *head.last_updated);
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

/// The same, with the stored charging preferences unless `sent` has some of its own.
result<decision> decide_keeping_preferences(const json::document* stored,
                                            const json::document& sent, const parsed_session& put,
                                            strictness strict, date_time now)
{
    std::optional<json::document> kept;
    if (stored && !sent.root().find(preferences_name)) {
        kept = with_kept(preferences_name, json::kind::object, *stored, sent);
    }
    return decide_whole(stored, kept ? *kept : sent, put, strict, now);
}

/// True when the list that was pulled does not speak of the meter values of a COMPLETED session.
bool lacks_meter_values(const session& stored_head, const json::document& pulled)
{
    const auto named = pulled.root().find(meter_values_name);
    return stored_head.status == session_status::completed &&
           (!named || named->is(json::kind::null));
}

}  // namespace

result<decision> decide_put(const json::document* stored, const parsed_session& put,
                            strictness strict, date_time now)
{
    return decide_keeping_preferences(stored, put.document, put, strict, now);
}

result<decision> decide_pulled(const json::document* stored, const parsed_session& pulled,
                               date_time now)
{
    if (pulled.document.text().size() > max_session_bytes) return too_large();
    std::optional<json::document> kept;
    if (stored) {
        const auto head = read_stored_head(*stored);
        if (!head.last_updated) return damaged();
        if (protocol::is_stale(*pulled.fields.last_updated, *head.last_updated, now))
            return decision();
        if (lacks_meter_values(head, pulled.document)) {
            kept = with_kept(meter_values_name, json::kind::array, *stored, pulled.document);
        }
    }
    return decide_keeping_preferences(stored, kept ? *kept : pulled.document, pulled,
                                      strictness::strict, now);
}

result<decision> decide_patch(const json::document& stored, const parsed_session& patch,
                              date_time now)
{
    const auto head = read_stored_head(stored);
    if (!head.status || !head.last_updated) return damaged();
    const auto sent = patch.fields.last_updated;
    if (sent && protocol::is_stale(*sent, *head.last_updated, now))
        return protocol::stale("session", *sent, *head.last_updated);

    decision made;
    made.tolerated = patch.tolerated;
    if (sent) {
        if (auto note = protocol::note_clock_lead(*sent, now))
            made.tolerated.push_back(std::move(*note));
    }
    made.last_updated = sent.value_or(std::max(now, *head.last_updated));
    take_token(made, patch.document.root().find("cdr_token") ? patch.fields : head);

    session_draft merged(stored.root());
    for (auto member : patch.document.root()) {
        if (merge_member(merged, member)) made.changes = true;
    }
    if (!made.changes) return made;
    if (!sent) merged.set("last_updated", json::quote(to_string(made.last_updated)));
    made.json = merged.write();
    made.summary = summarize(stored.root(), patch.document.root());
    if (made.json.size() > max_session_bytes) return too_large();
    const auto status = patch.fields.status.value_or(*head.status);
    const auto allowed = check(head, stored, status, made.json);
    if (allowed.has_error()) return allowed.error();
    if (status != session_status::completed) return made;
    const auto candidate = json::parse(made.json);
    if (candidate.has_error()) return candidate.error();
    made.settlement = settlement_of(*candidate);
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
    session_draft merged(stored.root());
    const auto before = merged.before(preferences_name);
    if (before && json::same(*before, sent->root(), json::number_equality::spelling)) return made;
    merged.set(preferences_name, sent->text());
    made.changes = true;
    made.json = merged.write();
    made.summary = summarize(stored.root());
    if (made.json.size() > max_session_bytes) return too_large();
    return made;
}

}  // namespace ocpi::sessions
