#include "modules/pricing/tariff_bounds.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using tariffs::tariff_restrictions;

bool is_for_certain_days(const tariff_restrictions& wanted)
{
    const auto& days = wanted.day_of_week;
    return wanted.start_date || wanted.end_date ||
           std::find(days.begin(), days.end(), true) != days.end();
}

void add_bounds(tariff_bounds& bounds, const tariff_restrictions& wanted)
{
    constexpr std::chrono::minutes midnight(0);
    if (wanted.start_time || wanted.end_time) {
        bounds.times_of_day.push_back(wanted.start_time.value_or(midnight));
        bounds.times_of_day.push_back(wanted.end_time.value_or(midnight));
    }
    if (is_for_certain_days(wanted)) bounds.times_of_day.push_back(midnight);
    for (const auto& duration : {wanted.min_duration, wanted.max_duration}) {
        if (duration) bounds.durations.push_back(*duration);
    }
    for (const auto* kwh : {&wanted.min_kwh, &wanted.max_kwh}) {
        if (*kwh && (*kwh)->fits(max_factor_places)) bounds.kwh.push_back(**kwh);
    }
}

template <class T>
void sort_once(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

}  // namespace

tariff_bounds find_bounds(const tariffs::tariff& of)
{
    tariff_bounds bounds;
    for (const auto& element : of.elements) {
        if (element.restrictions) add_bounds(bounds, *element.restrictions);
    }
    sort_once(bounds.times_of_day);
    sort_once(bounds.durations);
    sort_once(bounds.kwh);
    return bounds;
}

}  // namespace ocpi::pricing
