#include "modules/pricing/bound_crossings.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using std::chrono::milliseconds;
using crossings = std::vector<bound_crossing>;

void add(crossings& found, bound_kind kind, milliseconds after_start)
{
    bound_crossing inner;
    inner.kind = kind;
    inner.after_start = after_start;
    found.push_back(std::move(inner));
}

void add_durations(crossings& found, const std::vector<std::chrono::seconds>& bounds,
                   const period_course& period)
{
    const auto elapsed = period.at_start->elapsed;
    auto next = std::upper_bound(bounds.begin(), bounds.end(), elapsed);
    for (std::size_t count = 0; next != bounds.end() && count < max_bound_crossings;
         ++next, ++count) {
        if (*next >= elapsed + period.length) return;
        add(found, bound_kind::duration, *next - elapsed);
    }
}

/// When that much of the period's energy has flowed.
milliseconds time_of(const decimal& kwh, const period_course& period)
{
    if (period.length == milliseconds(0)) return milliseconds(0);
    const rational share = to_rational(kwh) / to_rational(*period.at_start->period_kwh);
    const rational after = share * period.length.count();
    const boost::multiprecision::cpp_int whole =
        (numerator(after) + denominator(after) - 1) / denominator(after);
    return milliseconds(static_cast<std::int64_t>(whole));
}

void add_energies(crossings& found, const std::vector<decimal>& bounds, const period_course& period)
{
    const auto& energy = period.at_start->period_kwh;
    if (bounds.empty() || !energy || energy->is_negative() || energy->is_zero()) return;
    const auto& before = period.at_start->kwh;
    const auto after = before + *energy;
    auto next = std::upper_bound(bounds.begin(), bounds.end(), before);
    for (std::size_t count = 0; next != bounds.end() && count < max_bound_crossings;
         ++next, ++count) {
        if (*next >= after) return;
        add(found, bound_kind::kwh, time_of(*next - before, period));
        found.back().kwh = *next;
    }
}

/// The bounds that clocks show between two moments without a shift: `shown` at the first of them,
/// which is `from` after the start of the period.
void add_times(crossings& found, const std::vector<std::chrono::minutes>& bounds, local_time shown,
               milliseconds from, milliseconds length)
{
    auto day = std::chrono::floor<std::chrono::days>(shown);
    auto next = std::upper_bound(bounds.begin(), bounds.end(), shown - day);
    while (found.size() < max_bound_crossings) {
        if (next == bounds.end()) {
            next = bounds.begin();
            day += std::chrono::days(1);
        }
        const milliseconds passed = day + *next - shown;
        if (passed >= length) return;
        add(found, bound_kind::time_of_day, from + passed);
        ++next;
    }
}

/// Between shifts of the clocks and at them.
void add_times_of_day(crossings& found, const std::vector<std::chrono::minutes>& bounds,
                      const period_course& period, const local_clock& clock)
{
    if (bounds.empty()) return;
    const date_time end(period.start.instant() + period.length);
    if (clock.steady_until() >= end) {
        return add_times(found, bounds, period.at_start->local, milliseconds(0), period.length);
    }
    auto own = clock;
    for (auto from = period.start; from < end && found.size() < max_bound_crossings;) {
        const auto after_start = from.instant() - period.start.instant();
        if (from != period.start) add(found, bound_kind::time_of_day, after_start);
        const auto shown = own.show(from);
        const auto until = std::min(own.steady_until(), end);
        add_times(found, bounds, shown, after_start, until.instant() - from.instant());
        from = until;
    }
}

}  // namespace

crossings find_bound_crossings(const tariff_bounds& bounds, const period_course& period,
                               const local_clock& clock)
{
    crossings found;
    if (period.length > milliseconds(0)) {
        add_times_of_day(found, bounds.times_of_day, period, clock);
        add_durations(found, bounds.durations, period);
    }
    add_energies(found, bounds.kwh, period);
    std::stable_sort(found.begin(), found.end(),
                     [](const bound_crossing& a, const bound_crossing& b) {
                         return a.after_start < b.after_start;
                     });
    return found;
}

pricing_state state_at(const bound_crossing& inner, const period_course& period, local_clock& clock)
{
    auto state = *period.at_start;
    state.local = clock.show(date_time(period.start.instant() + inner.after_start));
    state.elapsed += inner.after_start;
    if (inner.kind == bound_kind::kwh) {
        state.kwh = inner.kwh;
    } else if (state.period_kwh && period.length > milliseconds(0)) {
        const rational share(inner.after_start.count(), period.length.count());
        state.kwh = to_decimal(to_rational(state.kwh) + share * to_rational(*state.period_kwh));
    }
    return state;
}

}  // namespace ocpi::pricing
