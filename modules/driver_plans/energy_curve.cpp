#include "modules/driver_plans/energy_curve.hpp"

#include "modules/metering/fixed_point.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace ocpi::driver_plans {
namespace {

using boost::multiprecision::cpp_int;

cpp_int common_denominator(const std::vector<metering_event>& events)
{
    cpp_int common = 1;
    for (const auto& event : events) {
        const cpp_int each = denominator(event.kwh);
        if (common % each != 0) common = lcm(common, each);
    }
    return common;
}

void check(const metering_event& event, const std::optional<date_time>& previous_end)
{
    if (event.to < event.from || event.kwh < 0 || (previous_end && event.from < *previous_end)) {
        throw std::invalid_argument("metering events must follow one another in time");
    }
}

}  // namespace

energy_curve::energy_curve(const std::vector<metering_event>& events)
    : units_per_kwh_(common_denominator(events))
{
    std::optional<date_time> previous_end;
    integer total = 0;
    for (const auto& event : events) {
        check(event, previous_end);
        previous_end = event.to;
        if (event.kwh == 0) continue;
        total += numerator(event.kwh) * (units_per_kwh_ / denominator(event.kwh));
        steps_.push_back(step{event.from.milliseconds(), event.to.milliseconds(), total,
                              metering::approximate(total, units_per_kwh_)});
    }
}

rational energy_curve::total() const
{
    return empty() ? rational(0) : rational(steps_.back().total_after, units_per_kwh_);
}

rational energy_curve::before(const fine_instant& instant) const
{
    if (instant.past > 0) return through(instant);
    const auto is_over = [&](const step& each) {
        return each.to <= instant.milliseconds && each.from < instant.milliseconds;
    };
    const auto first_not = std::partition_point(steps_.begin(), steps_.end(), is_over);
    return up_to(static_cast<std::size_t>(first_not - steps_.begin()), instant);
}

rational energy_curve::through(const fine_instant& instant) const
{
    const auto is_over = [&](const step& each) { return each.to <= instant.milliseconds; };
    const auto first_not = std::partition_point(steps_.begin(), steps_.end(), is_over);
    return up_to(static_cast<std::size_t>(first_not - steps_.begin()), instant);
}

double energy_curve::estimate_through(std::int64_t milliseconds) const
{
    const auto is_over = [&](const step& each) { return each.to <= milliseconds; };
    const auto current = std::partition_point(steps_.begin(), steps_.end(), is_over);
    const double whole = current == steps_.begin() ? 0 : std::prev(current)->about_after;
    if (current == steps_.end() || current->from > milliseconds) return whole;
    const auto elapsed = static_cast<double>(milliseconds - current->from);
    const auto duration = static_cast<double>(current->to - current->from);
    return whole + (current->about_after - whole) * elapsed / duration;
}

/// That many steps, and what has flowed by then of the one that follows.
rational energy_curve::up_to(std::size_t whole_steps, const fine_instant& instant) const
{
    const integer whole = whole_steps == 0 ? integer(0) : steps_[whole_steps - 1].total_after;
    const bool is_under_way = whole_steps < steps_.size() &&
                              steps_[whole_steps].from <= instant.milliseconds &&
                              steps_[whole_steps].to > instant.milliseconds;
    if (!is_under_way) return rational(whole, units_per_kwh_);
    const auto& current = steps_[whole_steps];
    const integer energy = current.total_after - whole;
    const integer duration = current.to - current.from;
    const integer elapsed = instant.milliseconds - current.from;
    const rational reached(whole * duration + energy * elapsed, units_per_kwh_ * duration);
    if (instant.past == 0) return reached;
    return reached + rational(energy, units_per_kwh_ * duration) * instant.past;
}

}  // namespace ocpi::driver_plans
