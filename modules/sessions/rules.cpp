#include "modules/sessions/rules.hpp"

#include "modules/sessions/codec.hpp"
#include "modules/sessions/timed_list.hpp"
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

/// A member that changes between two objects; a side is nothing where it is absent or null.
struct difference {
    std::string_view name;
    std::optional<value> before;
    std::optional<value> after;
};

/// Names of the owner and the id may change their case, which is no change.
bool is_address(std::string_view name) noexcept
{
    return name == "country_code" || name == "party_id" || name == "id";
}

std::vector<difference> differences(value before, value after)
{
    std::unordered_map<std::string_view, value> remaining;
    for (auto member : after) {
        if (!member.is(json::kind::null)) remaining.emplace(member.name(), member);
    }
    std::vector<difference> found;
    for (auto member : before) {
        const auto name = member.name();
        const auto counterpart = remaining.find(name);
        if (counterpart == remaining.end()) {
            if (!member.is(json::kind::null)) found.push_back(difference{name, member, {}});
            continue;
        }
        const bool equal = is_address(name) ||
                           json::same(member, counterpart->second, json::number_equality::amount);
        if (!equal) found.push_back(difference{name, member, counterpart->second});
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
    if (std::find(settable.begin(), settable.end(), change.name) != settable.end()) {
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
