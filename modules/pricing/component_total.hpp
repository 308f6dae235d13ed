#pragma once

#include "modules/pricing/breakdown.hpp"

#include <cstddef>
#include <vector>

namespace ocpi::pricing {

/// The sum of a session's items of one component and dimension.
struct component_total {
    const tariffs::tariff* tariff = nullptr;
    cost_dimension dimension = cost_dimension::energy;
    const tariffs::price_component* component = nullptr;
    decimal volume;
    /// As in billed_item.
    rounding_slack slack;
    std::optional<rational> excess;
    /// The period of the last item with a volume above 0.
    std::size_t last_period = 0;
    std::size_t last_item = 0;
    bool has_last = false;

    /// False for a fee in a reservation, which is not a time.
    bool is_volume() const
    {
        return dimension != cost_dimension::reservation ||
               !(component && component->type == tariffs::tariff_dimension::flat);
    }
};

/// Sums up the items of the periods; items without component are summed per dimension.
std::vector<component_total> collect_totals(const std::vector<priced_period>& periods);

}  // namespace ocpi::pricing
