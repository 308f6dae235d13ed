#include "modules/exchange/session_diff.hpp"

#include "modules/sessions/timed_list.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

namespace ocpi::exchange {
namespace {

using json::value;

bool says_the_same(value a, value b)
{
    return json::same(a, b, json::number_equality::amount);
}

/// The fields that a PATCH can unset; charging_periods is not among them.
bool can_be_unset(std::string_view name)
{
    constexpr std::array<std::string_view, 4> optional_fields{
        "end_date_time", "authorization_reference", "meter_id", "total_cost"};
    return std::find(optional_fields.begin(), optional_fields.end(), name) != optional_fields.end();
}

bool is_identity(std::string_view name)
{
    return name == "country_code" || name == "party_id" || name == "id";
}

/// The elements of `now` that are not among those of `before`; std::nullopt when one of those is
/// gone. Both are in the order of time, so that what was kept stands in the same order in both.
std::optional<std::string> new_elements(value before, value now)
{
    auto kept = before.begin();
    const auto end = before.end();
    json::array_writer added;
    for (auto element : now) {
        if (kept != end && says_the_same(*kept, element)) {
            ++kept;
        } else {
            added.raw(element.text());
        }
    }
    if (kept != end) return {};
    return added.finish();
}

/// What must be appended to the list that was; std::nullopt when the receiver would make another
/// list of it than the one that is.
std::optional<std::string> write_addition(sessions::timed_list list, std::optional<value> before,
                                          value now)
{
    if (!now.is(json::kind::array) || now.size() == 0) return {};
    if (before && !before->is(json::kind::array)) return {};
    auto added = before ? new_elements(*before, now) : std::string(now.text());
    if (!added) return {};
    const auto addition = json::parse(*added);
    if (addition.has_error()) return {};
    const auto made = append(list, before, addition->root());
    const auto outcome = json::parse(made.json);
    if (outcome.has_error() || !says_the_same(outcome->root(), now)) return {};
    return added;
}

/// The text that a PATCH gives for a member that has changed; std::nullopt when it cannot.
std::optional<std::string> write_change(std::optional<value> before, value now)
{
    const auto name = now.name();
    if (is_identity(name)) return {};
    if (const auto list = sessions::as_timed_list(name)) return write_addition(*list, before, now);
    // Null unsets a field, which is not the same as a field that is null.
    if (now.is(json::kind::null) && can_be_unset(name)) return {};
    return std::string(now.text());
}

std::optional<date_time> last_updated_of(const json::document& session)
{
    const auto member = session.root().find("last_updated");
    if (!member) return {};
    const auto parsed = parse_date_time(member->string());
    if (!parsed) return {};
    return parsed->value;
}

}  // namespace

std::optional<std::string> write_patch(const json::document& before, const json::document& now)
{
    const auto updated_before = last_updated_of(before);
    const auto updated_now = last_updated_of(now);
    if (!updated_before || !updated_now || *updated_now < *updated_before) return {};

    std::unordered_map<std::string_view, value> unseen;
    for (auto member : before.root()) unseen.emplace(member.name(), member);
    json::object_writer patch;
    for (auto member : now.root()) {
        std::optional<value> counterpart;
        const auto found = unseen.find(member.name());
        if (found != unseen.end()) {
            counterpart = found->second;
            unseen.erase(found);
        }
        const bool is_same = counterpart && says_the_same(*counterpart, member);
        if (is_same && member.name() != "last_updated") continue;
        const auto change = write_change(counterpart, member);
        if (!change) return {};
        patch.raw(member.name(), *change);
    }
    for (auto member : before.root()) {
        if (unseen.count(member.name()) == 0) continue;
        if (!can_be_unset(member.name())) return {};
        patch.raw(member.name(), "null");
    }
    return patch.finish();
}

}  // namespace ocpi::exchange
