#pragma once

#include "modules/pricing/rounding_slack.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/ci_string.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/rational.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::pricing {

/// What is paid for. A reservation is one of its own, fees and time together.
enum class cost_dimension : std::uint8_t { energy, time, parking_time, flat, reservation };
inline constexpr std::size_t cost_dimension_count = 5;

/// `ENERGY`, `TIME`, `PARKING_TIME`, `FLAT`, `RESERVATION`.
std::string_view to_string(cost_dimension dimension) noexcept;

/// A line of the bill: a volume within one period and the component that prices it.
struct billed_item {
    cost_dimension dimension = cost_dimension::energy;
    /// kWh, hours, or 1 for a fee.
    decimal volume;
    /// How much of a volume in hours may be due to the rounding of what was sent.
    rounding_slack slack;
    /// What step_size adds to it, on the last item of a dimension; below 0: what it takes from the
    /// last ones because the hours are rounded.
    std::optional<rational> excess;
    /// Of one of breakdown::tariffs; nullptr: not priced.
    const tariffs::price_component* component = nullptr;
    /// Index of the component's element in its tariff.
    std::size_t element = 0;
};

/// volume and excess where there is a component, else 0.
rational billed_volume(const billed_item& of);
/// Billed volume times price, gross or net as the tariff has it.
rational amount(const billed_item& of);

struct priced_period {
    date_time start;
    /// One of breakdown::tariffs; nullptr: not priced.
    const tariffs::tariff* tariff = nullptr;
    /// As it was sent.
    std::optional<ci_string> tariff_id;
    std::vector<billed_item> items;
};

/// A dimension over the whole session.
struct dimension_cost {
    /// Priced or not.
    decimal volume;
    /// The part with an active component, and what step_size adds.
    rational billed_volume;
    /// Net, before min_price and max_price; nothing: the tax in it is unknown.
    std::optional<rational> before_taxes = rational(0);
    /// The part of before_taxes that is due to step_size; 0 where before_taxes is unknown.
    rational step_cost;
};

struct tax {
    std::string name;
    /// Nothing: the tax in a min_price or max_price, of no known rate.
    std::optional<decimal> percentage;
    rational amount;
};

/// What a session costs, and how that comes about. Exact: nothing is rounded here.
struct breakdown {
    /// ISO 4217; empty when neither a tariff nor the session tells.
    std::string currency;
    /// Nothing: unknown, as the tax in the prices is, or a number that cannot be reckoned with.
    std::optional<rational> before_taxes = rational(0);
    /// Nothing: unknown, as the tax on the prices is, or a number that cannot be reckoned with.
    std::optional<rational> after_taxes = rational(0);
    /// By rising percentage, one entry for each.
    std::vector<tax> taxes;
    /// By cost_dimension.
    std::array<dimension_cost, cost_dimension_count> dimensions;
    /// In order of time. A session without periods has one from its start on.
    std::vector<priced_period> periods;
    /// What was missing, odd or assumed; each once.
    std::vector<std::string> notes;
    /// Energy has a price, and no period tells of the energy that the session has: the totals are
    /// not what it costs.
    bool is_energy_untold = false;
    /// before_taxes as it would be without min_price and max_price.
    std::optional<rational> before_limits = rational(0);
    /// Those that price the session, in order of their first period.
    std::vector<tariffs::tariff_ptr> tariffs;

    const dimension_cost& of(cost_dimension dimension) const
    {
        return dimensions[static_cast<std::size_t>(dimension)];
    }
};

}  // namespace ocpi::pricing
