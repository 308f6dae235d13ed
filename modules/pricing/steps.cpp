#include "modules/pricing/steps.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <tuple>

namespace ocpi::pricing {
namespace {

using boost::multiprecision::cpp_int;

/// Steps within a kWh or an hour: of 1 Wh, of 1 s.
int steps_per_unit(cost_dimension dimension)
{
    return dimension == cost_dimension::energy ? 1000 : 3600;
}

/// A volume beside the full steps within it.
struct stepped {
    cpp_int full_steps;
    /// From the full steps to the volume, and from there to the next full step.
    rational above;
    rational missing;
    /// The length of a step.
    rational step;
};

/// Needs a volume and a step above 0.
stepped in_steps(const rational& volume, std::int64_t step, int per_unit)
{
    stepped found;
    found.step = rational(step) / per_unit;
    const rational steps = volume / found.step;
    found.full_steps = numerator(steps) / denominator(steps);
    found.above = volume - found.full_steps * found.step;
    found.missing = found.step - found.above;
    return found;
}

/// What sums of binary floating point numbers come to instead of a full step, at most.
bool is_trace(const stepped& of)
{
    static const rational traces_per_step = 1'000'000'000;
    return of.above * traces_per_step <= of.step;
}

/// All that a tariff bills in a dimension.
class bucket {
public:
    bucket(std::vector<component_total>& totals, const tariffs::tariff* tariff,
           cost_dimension dimension)
        : totals_(totals), tariff_(tariff), dimension_(dimension)
    {
        for (auto& one : totals) {
            if (!one.component || one.tariff != tariff || one.dimension != dimension) continue;
            if (!one.is_volume()) continue;
            total_ = total_ + one.volume;
            slack_.add(one.slack);
            if (one.has_last && (!last_ || is_later(one, *last_))) last_ = &one;
        }
    }

    void apply_step(std::vector<priced_period>& periods, note_list& notes)
    {
        if (!last_ || last_->component->step_size <= 0) return;
        if (total_.is_negative() || total_.is_zero()) return;
        const auto of =
            in_steps(to_rational(total_), last_->component->step_size, steps_per_unit(dimension_));
        if (of.above == 0) return;
        if (is_trace(of)) return take_away(periods, of.above);
        if (of.full_steps > 0 && of.above <= slack_.hours()) {
            note_rounding(of, notes);
            return take_away(periods, of.above);
        }
        last_->excess = of.missing;
        periods[last_->last_period].items[last_->last_item].excess = of.missing;
    }

private:
    static bool is_later(const component_total& a, const component_total& b)
    {
        return std::tie(a.last_period, a.last_item) > std::tie(b.last_period, b.last_item);
    }

    void note_rounding(const stepped& of, note_list& notes) const
    {
        const cpp_int seconds = of.full_steps * last_->component->step_size;
        notes.add("the " + std::string(to_string(dimension_)) + " of " + to_text(total_) +
                  " h is rounded: it counts as the full steps of " + seconds.str() +
                  " s just below it");
    }

    component_total* total_of(const billed_item& one)
    {
        const auto found = std::find_if(totals_.begin(), totals_.end(), [&](const auto& total) {
            return total.component == one.component && total.dimension == dimension_;
        });
        return found == totals_.end() ? nullptr : &*found;
    }

    /// From the last items, of none more than it has.
    void take_away(std::vector<priced_period>& periods, rational rest)
    {
        for (auto period = periods.rbegin(); period != periods.rend() && rest > 0; ++period) {
            if (period->tariff != tariff_) continue;
            auto& items = period->items;
            for (auto one = items.rbegin(); one != items.rend() && rest > 0; ++one) {
                if (one->dimension != dimension_ || !one->component) continue;
                auto* total = total_of(*one);
                if (!total || !total->is_volume() || one->volume.is_negative()) continue;
                const rational part = std::min(rest, to_rational(one->volume));
                if (part == 0) continue;
                one->excess = -part;
                total->excess = total->excess.value_or(rational(0)) - part;
                rest -= part;
            }
        }
    }

    std::vector<component_total>& totals_;
    const tariffs::tariff* tariff_;
    cost_dimension dimension_;
    decimal total_;
    rounding_slack slack_;
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

void apply_steps(std::vector<priced_period>& periods, std::vector<component_total>& totals,
                 note_list& notes)
{
    const auto* tariff = last_tariff(periods);
    const auto apply_to = [&](cost_dimension dimension) {
        bucket(totals, tariff, dimension).apply_step(periods, notes);
    };
    apply_to(cost_dimension::energy);
    apply_to(has_billable_parking(totals) ? cost_dimension::parking_time : cost_dimension::time);
    apply_to(cost_dimension::reservation);
}

}  // namespace ocpi::pricing
