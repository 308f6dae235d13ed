#include "modules/sessions/rules.hpp"

#include "modules/sessions/documented_fields.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/field_reader.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::sessions {
namespace {

using json::value;

/// A member that changes between two objects; a side is std::nullopt where it is unset.
struct difference {
    std::string_view name;
    std::optional<value> before;
    std::optional<value> after;
};

/// In the order of the documents: first what was there before, then what is new.
std::vector<difference> differences(value before, value after, compared_members compared)
{
    std::unordered_map<std::string_view, value> remaining;
    for (auto member : after) {
        if (!is_unset(member)) remaining.emplace(member.name(), member);
    }
    std::vector<difference> found;
    for (auto member : before) {
        if (is_unset(member)) continue;
        const auto name = member.name();
        const auto counterpart = remaining.find(name);
        if (counterpart == remaining.end()) {
            found.push_back(difference{name, member, {}});
            continue;
        }
        if (!means_the_same(name, member, counterpart->second, compared))
            found.push_back(difference{name, member, counterpart->second});
        remaining.erase(counterpart);
    }
    // What is left was not there before; walked in document order to name it in that order.
    for (auto member : after) {
        if (remaining.count(member.name()) > 0) {
            found.push_back(difference{member.name(), {}, member});
        }
    }
    return found;
}

bool is_lower(const difference& kwh)
{
    if (!kwh.before || !kwh.after) return !kwh.after;
    const auto before = decimal::parse(kwh.before->text());
    const auto after = decimal::parse(kwh.after->text());
    return before && after && *after < *before;
}

/// What of a COMPLETED session is judged: what OCPI documents, and the meter values, from which the
/// final reading is reported.
bool is_judged_after_completion(std::string_view name)
{
    return is_session_field(name) || as_timed_list(name).has_value();
}

/// What a difference does to a COMPLETED session beyond completing it; empty when nothing.
std::string objection_after_completion(const difference& change)
{
    if (change.name == "status" || change.name == "last_updated" || !change.before) return {};
    if (change.name == "kwh") {
        return is_lower(change) ? "may not fall once the session is COMPLETED" : std::string();
    }
    if (change.name == "total_cost" || change.name == "end_date_time") {
        return change.after ? std::string() : "may not be removed once the session is COMPLETED";
    }
    if (const auto list = as_timed_list(change.name)) {
        const bool kept = keeps_timestamps(*list, *change.before, change.after);
        return kept ? std::string() : "may not lose entries once the session is COMPLETED";
    }
    return "may not change once the session is COMPLETED";
}

}  // namespace

bool may_become(session_status from, session_status to) noexcept
{
    using enum session_status;
    switch (from) {
        case reservation: return true;
        case pending: return to != reservation;
        case active: return to == active || to == completed || to == invalid;
        case completed: return to == completed || to == invalid;
        case invalid: return to == invalid;
    }
    return false;
}

result<void> check_step(session_status stored_status, value stored, session_status new_status,
                        value candidate)
{
    json::diagnostics findings;
    if (!may_become(stored_status, new_status)) {
        findings.add_problem("/status", "may not go back from " +
                                            std::string(to_string(stored_status)) + " to " +
                                            std::string(to_string(new_status)));
    }
    if (stored_status == session_status::invalid) {
        constexpr const char* objection = "may not change once the session is INVALID";
        const auto changes = differences(stored, candidate, compared_members::all);
        for (const auto& change : changes) {
            if (change.name == "status" || change.name == "last_updated") continue;
            findings.add_problem(json::append_pointer("", change.name), objection);
        }
        // A new last_updated goes with every change: it is named when it is all that changes.
        if (!changes.empty() && findings.problems().empty()) {
            findings.add_problem("/last_updated", objection);
        }
    } else if (stored_status == session_status::completed) {
        for (const auto& change : differences(stored, candidate, compared_members::documented)) {
            if (!is_judged_after_completion(change.name)) continue;
            auto objection = objection_after_completion(change);
            if (!objection.empty()) {
                findings.add_problem(json::append_pointer("", change.name), std::move(objection));
            }
        }
    }
    if (!findings.problems().empty()) return findings.to_error();
    return {};
}

}  // namespace ocpi::sessions
