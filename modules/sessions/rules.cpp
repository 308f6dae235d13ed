#include "modules/sessions/rules.hpp"

#include "modules/sessions/codec.hpp"
#include "modules/sessions/timed_list.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/field_reader.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::sessions {
namespace {

using json::value;

/// A member that changes between two objects; a side is nothing where it is unset.
struct difference {
    std::string_view name;
    std::optional<value> before;
    std::optional<value> after;
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool same_instant(value a, value b)
{
    const auto first = parse_date_time(a.string());
    const auto second = parse_date_time(b.string());
    return first && second && first->value == second->value;
}

/// True when a member of a Session or of its cdr_token says the same in other words: another
/// spelling of a number or a DateTime, another case of a CiString.
bool means_the_same(std::string_view name, value a, value b)
{
    constexpr std::array<std::string_view, 3> date_times{"start_date_time", "end_date_time",
                                                         "last_updated"};
    constexpr std::array<std::string_view, 9> ci_strings{
        "country_code", "party_id", "id",           "authorization_reference",
        "location_id",  "evse_uid", "connector_id", "uid",
        "contract_id"};
    if (json::same(a, b, json::number_equality::amount)) return true;
    if (contains(date_times, name)) return same_instant(a, b);
    if (contains(ci_strings, name)) return equal_ignoring_case(a.string(), b.string());
    if (name != "cdr_token" || a.size() != b.size()) return false;
    return std::all_of(a.begin(), a.end(), [b](value member) {
        const auto other = b.find(member.name());
        return other && means_the_same(member.name(), member, *other);
    });
}

/// Null unsets a member, and an empty list is as good as none.
bool is_unset(value member)
{
    return member.is(json::kind::null) ||
           (as_timed_list(member.name()) && member.is(json::kind::array) && member.size() == 0);
}

std::vector<difference> differences(value before, value after)
{
    std::unordered_map<std::string_view, value> remaining;
    for (auto member : after) {
        if (!is_unset(member)) remaining.emplace(member.name(), member);
    }
    std::vector<difference> found;
    for (auto member : before) {
        const auto name = member.name();
        const auto counterpart = remaining.find(name);
        if (counterpart == remaining.end()) {
            if (!is_unset(member)) found.push_back(difference{name, member, {}});
            continue;
        }
        if (!means_the_same(name, member, counterpart->second))
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

/// What a difference does to a COMPLETED session beyond completing it; empty when nothing.
std::string objection_after_completion(const difference& change)
{
    constexpr std::array<std::string_view, 3> settable{"total_cost", "end_date_time", "soc_end"};
    if (change.name == "status" || change.name == "last_updated") return {};
    if (change.name == "kwh") {
        return is_lower(change) ? "may not fall once the session is COMPLETED" : std::string();
    }
    if (contains(settable, change.name)) {
        return change.after ? std::string() : "may not be removed once the session is COMPLETED";
    }
    if (const auto list = as_timed_list(change.name)) {
        const bool kept = !change.before || keeps_timestamps(*list, *change.before, change.after);
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
    json::report findings;
    if (!may_become(stored_status, new_status)) {
        findings.add_problem("/status", "may not go back from " +
                                            std::string(to_string(stored_status)) + " to " +
                                            std::string(to_string(new_status)));
    }
    if (stored_status == session_status::invalid) {
        constexpr const char* objection = "may not change once the session is INVALID";
        const auto changes = differences(stored, candidate);
        for (const auto& change : changes) {
            if (change.name == "status" || change.name == "last_updated") continue;
            findings.add_problem(json::append_pointer("", change.name), objection);
        }
        // A new last_updated goes with every change: it is named when it is all that changes.
        if (!changes.empty() && findings.problems().empty()) {
            findings.add_problem("/last_updated", objection);
        }
    } else if (stored_status == session_status::completed) {
        for (const auto& change : differences(stored, candidate)) {
            auto objection = objection_after_completion(change);
            if (!objection.empty()) {
                findings.add_problem(json::append_pointer("", change.name), std::move(objection));
            }
        }
    }
    if (!findings.problems().empty()) return findings.to_error();
    return {};
}

error stale(date_time sent, date_time stored)
{
    return error(errc::invalid,
                 "stale: last_updated " + to_string(sent) + " is older than the stored " +
                     to_string(stored) + "; nothing was changed: GET the session, then PUT it",
                 "/last_updated");
}

}  // namespace ocpi::sessions
