#include "modules/pricing/component_total.hpp"

#include "ocpi/base/decimal_sum.hpp"

#include <array>
#include <map>
#include <utility>

namespace ocpi::pricing {
namespace {

/// What is added up, and where each of it is.
class collection {
public:
    std::vector<component_total> all;

    /// In `all`.
    std::size_t place_of(const priced_period& period, const billed_item& one)
    {
        // Periods that follow one another mostly have the same.
        auto& last = last_[static_cast<std::size_t>(one.dimension)];
        const bool is_same = last < all.size() && all[last].dimension == one.dimension &&
                             all[last].component == one.component;
        if (!is_same) last = find_place(period, one);
        return last;
    }

private:
    std::size_t find_place(const priced_period& period, const billed_item& one)
    {
        const auto key = std::make_pair(one.component, one.dimension);
        const auto [place, is_new] = places_.try_emplace(key, all.size());
        if (!is_new) return place->second;
        component_total fresh;
        fresh.tariff = one.component ? period.tariff : nullptr;
        fresh.dimension = one.dimension;
        fresh.component = one.component;
        all.push_back(std::move(fresh));
        return place->second;
    }

    std::map<std::pair<const tariffs::price_component*, cost_dimension>, std::size_t> places_;
    /// Of each dimension the last one asked for.
    std::array<std::size_t, cost_dimension_count> last_{};
};

}  // namespace

std::vector<component_total> collect_totals(const std::vector<priced_period>& periods)
{
    collection sums;
    std::vector<decimal_sum> volumes;
    for (std::size_t i = 0; i < periods.size(); ++i) {
        const auto& items = periods[i].items;
        for (std::size_t j = 0; j < items.size(); ++j) {
            const auto place = sums.place_of(periods[i], items[j]);
            auto& sum = sums.all[place];
            const auto& volume = items[j].volume;
            volumes.resize(sums.all.size());
            volumes[place].add(volume);
            sum.slack.add(items[j].slack);
            if (volume.is_negative() || volume.is_zero()) continue;
            sum.last_period = i;
            sum.last_item = j;
            sum.has_last = true;
        }
    }
    for (std::size_t i = 0; i < volumes.size(); ++i) sums.all[i].volume = volumes[i].value();
    return std::move(sums.all);
}

}  // namespace ocpi::pricing
