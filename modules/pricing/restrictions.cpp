#include "modules/pricing/restrictions.hpp"

#include <algorithm>
#include <array>
#include <compare>

namespace ocpi::pricing {
namespace {

using namespace std::chrono;
using tariffs::tariff_restrictions;

/// Half open; `00:00` as an end is that of the day, an end before the start lies on the next one.
bool in_time_window(const tariff_restrictions& wanted, milliseconds of_day)
{
    if (!wanted.start_time && !wanted.end_time) return true;
    const milliseconds start = wanted.start_time.value_or(minutes(0));
    milliseconds end = wanted.end_time.value_or(minutes(0));
    if (end == milliseconds(0)) end = hours(24);
    if (start <= end) return start <= of_day && of_day < end;
    return start <= of_day || of_day < end;
}

bool in_calendar(const tariff_restrictions& wanted, local_days day)
{
    if (wanted.start_date && day < local_days(*wanted.start_date)) return false;
    if (wanted.end_date && day >= local_days(*wanted.end_date)) return false;
    const auto& days = wanted.day_of_week;
    const bool any_day = std::find(days.begin(), days.end(), true) == days.end();
    return any_day || days[weekday(day).c_encoding()];
}

bool in_duration(const tariff_restrictions& wanted, milliseconds elapsed)
{
    return (!wanted.min_duration || *wanted.min_duration <= elapsed) &&
           (!wanted.max_duration || elapsed < *wanted.max_duration);
}

bool in_energy(const tariff_restrictions& wanted, const decimal& kwh)
{
    return (!wanted.min_kwh || *wanted.min_kwh <= kwh) &&
           (!wanted.max_kwh || kwh < *wanted.max_kwh);
}

decimal from_integer(std::int64_t number)
{
    return *decimal::parse(std::to_string(number));
}

/// Compares the average power, energy divided by time, with the bound; std::nullopt when unknown.
std::optional<std::strong_ordering> reckoned_power(const pricing_state& at, const decimal& bound)
{
    if (!at.period_kwh || at.period_length <= milliseconds(0)) return {};
    static const auto milliseconds_per_hour = from_integer(milliseconds(hours(1)).count());
    return *at.period_kwh * milliseconds_per_hour <=>
           bound * from_integer(at.period_length.count());
}

/// The first value that was sent, beside the bound.
std::optional<std::strong_ordering> beside(
    const std::array<const std::optional<decimal>*, 3>& by_preference, const decimal& bound)
{
    for (const auto* value : by_preference) {
        if (*value) return **value <=> bound;
    }
    return {};
}

std::optional<std::strong_ordering> at_least(const quantity_range& sent, const decimal& bound)
{
    return beside({&sent.min, &sent.average, &sent.max}, bound);
}

std::optional<std::strong_ordering> at_most(const quantity_range& sent, const decimal& bound)
{
    return beside({&sent.max, &sent.average, &sent.min}, bound);
}

restriction_match judge_min(const std::optional<std::strong_ordering>& value)
{
    if (!value) return restriction_match::assumed;
    return *value >= 0 ? restriction_match::yes : restriction_match::no;
}

restriction_match judge_max(const std::optional<std::strong_ordering>& value)
{
    if (!value) return restriction_match::assumed;
    return *value < 0 ? restriction_match::yes : restriction_match::no;
}

restriction_match both(restriction_match a, restriction_match b)
{
    if (a == restriction_match::no || b == restriction_match::no) return restriction_match::no;
    return a == restriction_match::assumed || b == restriction_match::assumed
               ? restriction_match::assumed
               : restriction_match::yes;
}

restriction_match judge_current(const tariff_restrictions& wanted, const pricing_state& at)
{
    auto outcome = restriction_match::yes;
    if (wanted.min_current) {
        outcome = both(outcome, judge_min(at_least(at.current, *wanted.min_current)));
    }
    if (wanted.max_current) {
        outcome = both(outcome, judge_max(at_most(at.current, *wanted.max_current)));
    }
    return outcome;
}

restriction_match judge_power(const tariff_restrictions& wanted, const pricing_state& at)
{
    auto outcome = restriction_match::yes;
    if (wanted.min_power) {
        auto value = at_least(at.power, *wanted.min_power);
        if (!value) value = reckoned_power(at, *wanted.min_power);
        outcome = both(outcome, judge_min(value));
    }
    if (wanted.max_power) {
        auto value = at_most(at.power, *wanted.max_power);
        if (!value) value = reckoned_power(at, *wanted.max_power);
        outcome = both(outcome, judge_max(value));
    }
    return outcome;
}

}  // namespace

restriction_match judge(const tariff_restrictions& restrictions, const pricing_state& at)
{
    const auto day = floor<days>(at.local);
    if (!in_time_window(restrictions, at.local - day) || !in_calendar(restrictions, day) ||
        !in_duration(restrictions, at.elapsed) || !in_energy(restrictions, at.kwh)) {
        return restriction_match::no;
    }
    return both(judge_current(restrictions, at), judge_power(restrictions, at));
}

}  // namespace ocpi::pricing
