#include "modules/sessions/cost/steps.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <tuple>

namespace ocpi::sessions::cost {
namespace {

using boost::multiprecision::cpp_int;

/// Steps within a kWh or an hour: of 1 Wh, of 1 s.
int steps_per_unit(cost_dimension dimension)
{
    return dimension == cost_dimension::energy ? 1000 : 3600;
}

/// The next multiple of `step` steps that is not below the volume; needs both above 0.
rational rounded_up(const rational& volume, std::int64_t step, int per_unit)
{
    const rational steps = volume * per_unit / step;
    const cpp_int whole = (numerator(steps) + denominator(steps) - 1) / denominator(steps);
    return rational(whole) * step / per_unit;
}

/// All that a tariff bills in a dimension.
class bucket {
public:
    bucket(std::vector<component_total>& totals, const tariffs::tariff* tariff,
           cost_dimension dimension)
        : dimension_(dimension)
    {
        for (auto& one : totals) {
            if (!one.component || one.tariff != tariff || one.dimension != dimension) continue;
            if (!one.is_volume()) continue;
            total_ = total_ + one.volume;
            if (one.has_last && (!last_ || is_later(one, *last_))) last_ = &one;
        }
    }

    void round_up(std::vector<priced_period>& periods)
    {
        if (!last_ || last_->component->step_size <= 0) return;
        if (total_.is_negative() || total_.is_zero()) return;
        const auto exact = to_rational(total_);
        const rational excess =
            rounded_up(exact, last_->component->step_size, steps_per_unit(dimension_)) - exact;
        if (excess == 0) return;
        last_->excess = excess;
        periods[last_->last_period].items[last_->last_item].excess = excess;
    }

private:
    static bool is_later(const component_total& a, const component_total& b)
    {
        return std::tie(a.last_period, a.last_item) > std::tie(b.last_period, b.last_item);
    }

    cost_dimension dimension_;
    decimal total_;
    component_total* last_ = nullptr;
};

const tariffs::tariff* last_tariff(const std::vector<priced_period>& periods)
{
    const auto last = std::find_if(periods.rbegin(), periods.rend(),
                                   [](const priced_period& period) { return period.tariff; });
    return last == periods.rend() ? nullptr : last->tariff;
}

/// Of whichever tariff.
bool has_billable_parking(const std::vector<component_total>& totals)
{
    return std::any_of(totals.begin(), totals.end(), [](const component_total& one) {
        return one.component && one.is_volume() && one.has_last &&
               one.dimension == cost_dimension::parking_time;
    });
}

}  // namespace

void apply_steps(std::vector<priced_period>& periods, std::vector<component_total>& totals)
{
    const auto* tariff = last_tariff(periods);
    bucket(totals, tariff, cost_dimension::energy).round_up(periods);
    if (has_billable_parking(totals)) {
        bucket(totals, tariff, cost_dimension::parking_time).round_up(periods);
    } else {
        bucket(totals, tariff, cost_dimension::time).round_up(periods);
    }
    bucket(totals, tariff, cost_dimension::reservation).round_up(periods);
}

}  // namespace ocpi::sessions::cost
