#include "modules/sessions/timed_list.hpp"

#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ocpi::sessions {
namespace {

struct timed_element {
    json::value element;
    std::optional<date_time> instant;
    /// Its place in the order: an element without a readable timestamp stays behind the one
    /// before it.
    date_time place;
};

std::string_view timestamp_name(timed_list list)
{
    return list == timed_list::charging_periods ? "start_date_time" : "timestamp";
}

std::optional<date_time> instant_of(timed_list list, json::value element)
{
    const auto timestamp = element.find(timestamp_name(list));
    if (!timestamp) return {};
    const auto parsed = parse_date_time(timestamp->string());
    if (!parsed) return {};
    return parsed->value;
}

void collect(timed_list list, json::value array, std::vector<timed_element>& elements)
{
    for (auto element : array) {
        elements.push_back(timed_element{element, instant_of(list, element), date_time()});
    }
}

/// True when that moved anything.
bool sort_by_time(std::vector<timed_element>& elements)
{
    auto place = date_time::from_milliseconds(std::numeric_limits<std::int64_t>::min());
    for (auto& entry : elements) {
        place = entry.instant.value_or(place);
        entry.place = place;
    }
    const auto earlier = [](const timed_element& a, const timed_element& b) {
        return a.place < b.place;
    };
    if (std::is_sorted(elements.begin(), elements.end(), earlier)) return false;
    std::stable_sort(elements.begin(), elements.end(), earlier);
    return true;
}

std::string write(const std::vector<timed_element>& elements)
{
    json::array_writer array;
    for (const auto& entry : elements) array.raw(entry.element.text());
    return array.finish();
}

void add_sorted(std::string& key, std::vector<std::string> parts)
{
    std::sort(parts.begin(), parts.end());
    for (const auto& part : parts) key.append(part) += '\n';
}

std::string dimension_identity(json::value dimension)
{
    std::string type;
    std::string volume;
    std::vector<std::string> others;
    for (auto member : dimension) {
        if (member.is(json::kind::null)) continue;
        if (member.name() == "type") {
            type = json::quote(member.string());
        } else if (member.name() == "volume") {
            const auto amount = decimal::parse(member.text());
            volume = amount ? amount->canonical() : std::string(member.text());
        } else {
            others.push_back(std::string(member.name_text()) + std::string(member.text()));
        }
    }
    std::string identity = type + ' ' + volume;
    add_sorted(identity, std::move(others));
    return identity;
}

/// A text that two charging periods share exactly when they are the same.
std::string period_identity(const timed_element& period)
{
    std::string identity = std::to_string(period.instant->milliseconds()) + '\n';
    std::vector<std::string> dimensions;
    std::vector<std::string> others;
    for (auto member : period.element) {
        const auto name = member.name();
        if (name == "start_date_time" || member.is(json::kind::null)) continue;
        if (name == "dimensions") {
            for (auto dimension : member) dimensions.push_back(dimension_identity(dimension));
        } else if (name == "tariff_id") {
            others.push_back(json::quote(fold_case(member.string())) + " tariff_id");
        } else {
            others.push_back(std::string(member.name_text()) + std::string(member.text()));
        }
    }
    add_sorted(identity, std::move(dimensions));
    add_sorted(identity, std::move(others));
    return identity;
}

std::string identity_of(timed_list list, const timed_element& entry)
{
    if (list == timed_list::charging_periods && entry.instant) return period_identity(entry);
    return std::string(entry.element.text());
}

std::unordered_set<std::int64_t> instants_in(const std::vector<timed_element>& elements)
{
    std::unordered_set<std::int64_t> instants;
    for (const auto& entry : elements) {
        if (entry.instant) instants.insert(entry.instant->milliseconds());
    }
    return instants;
}

}  // namespace

std::optional<timed_list> as_timed_list(std::string_view member_name) noexcept
{
    if (member_name == "charging_periods") return timed_list::charging_periods;
    if (member_name == "meter_value") return timed_list::meter_value;
    return {};
}

std::string in_time_order(timed_list list, json::value array)
{
    std::vector<timed_element> elements;
    collect(list, array, elements);
    return sort_by_time(elements) ? write(elements) : std::string(array.text());
}

appended_list append(timed_list list, std::optional<json::value> stored, json::value added)
{
    std::vector<timed_element> elements;
    if (stored && stored->is(json::kind::array)) collect(list, *stored, elements);
    std::vector<timed_element> candidates;
    collect(list, added, candidates);

    // Only elements of the same instant can be the same: of a long session few need a closer look.
    const auto instants = instants_in(candidates);
    std::unordered_set<std::string> known;
    for (const auto& entry : elements) {
        if (!entry.instant || instants.count(entry.instant->milliseconds()) > 0) {
            known.insert(identity_of(list, entry));
        }
    }
    appended_list appended;
    for (const auto& candidate : candidates) {
        if (!known.insert(identity_of(list, candidate)).second) continue;
        elements.push_back(candidate);
        appended.changed = true;
    }
    if (appended.changed) {
        sort_by_time(elements);
        appended.json = write(elements);
    }
    return appended;
}

bool keeps_timestamps(timed_list list, json::value stored, std::optional<json::value> candidate)
{
    std::vector<timed_element> before;
    collect(list, stored, before);
    std::vector<timed_element> after;
    if (candidate) collect(list, *candidate, after);
    const auto instants = instants_in(after);
    return std::all_of(before.begin(), before.end(), [&](const timed_element& entry) {
        return !entry.instant || instants.count(entry.instant->milliseconds()) > 0;
    });
}

}  // namespace ocpi::sessions
