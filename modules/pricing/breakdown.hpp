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

/// Priced dimensions. A reservation, fees and time together, is a dimension of its own.
enum class cost_dimension : std::uint8_t { energy, time, parking_time, flat, reservation };
inline constexpr std::size_t cost_dimension_count = 5;

/// `ENERGY`, `TIME`, `PARKING_TIME`, `FLAT`, `RESERVATION`.
std::string_view to_string(cost_dimension dimension) noexcept;

/// A line of the bill: a volume within one period and its component.
struct billed_item {
    cost_dimension dimension = cost_dimension::energy;
    /// kWh, hours, or 1 for a fee.
    decimal volume;
    /// The part of a volume in hours that may come from the rounding of received values.
    rounding_slack slack;
    /// Volume added by step_size, on the last item of a dimension; negative: volume removed from
    /// the last items because the hours are rounded.
    std::optional<rational> excess;
    /// From breakdown::tariffs; nullptr: not priced.
    const tariffs::price_component* component = nullptr;
    /// Index of the component's element in its tariff.
    std::size_t element = 0;
};

/// volume plus excess with a component, else 0.
rational billed_volume(const billed_item& of);
/// Billed volume times price, gross or net as in the tariff.
rational amount(const billed_item& of);

struct priced_period {
    date_time start;
    /// One of breakdown::tariffs; nullptr: not priced.
    const tariffs::tariff* tariff = nullptr;
    /// As received.
    std::optional<ci_string> tariff_id;
    std::vector<billed_item> items;
};

/// A dimension over the whole session.
struct dimension_cost {
    /// Priced or not.
    decimal volume;
    /// The part with an active component, plus the step_size excess.
    rational billed_volume;
    /// Net, before min_price and max_price; std::nullopt: the tax is unknown.
    std::optional<rational> before_taxes = rational(0);
    /// The part of before_taxes caused by step_size; 0 when before_taxes is unknown.
    rational step_cost;
};

struct tax {
    std::string name;
    /// std::nullopt: the tax in a min_price or max_price of unknown rate.
    std::optional<decimal> percentage;
    rational amount;
};

/// The cost of a session and its composition. Exact, without rounding.
struct breakdown {
    /// ISO 4217; empty when neither a tariff nor the session names one.
    std::string currency;
    /// std::nullopt: unknown, because of the tax in the prices or a number too large or precise to
    /// calculate with.
    std::optional<rational> before_taxes = rational(0);
    /// std::nullopt: unknown, because of the tax on the prices or a number too large or precise to
    /// calculate with.
    std::optional<rational> after_taxes = rational(0);
    /// One entry per percentage, ascending.
    std::vector<tax> taxes;
    /// By cost_dimension.
    std::array<dimension_cost, cost_dimension_count> dimensions;
    /// In order of time. A session without periods has one from its start on.
    std::vector<priced_period> periods;
    /// Missing, unusual or assumed input, without repetition.
    std::vector<std::string> notes;
    /// Energy has a price and no period reports the session's energy: the totals are not its cost.
    bool is_energy_missing = false;
    /// before_taxes without min_price and max_price.
    std::optional<rational> before_limits = rational(0);
    /// Tariffs that price the session, in order of their first period.
    std::vector<tariffs::tariff_ptr> tariffs;

    const dimension_cost& of(cost_dimension dimension) const
    {
        return dimensions[static_cast<std::size_t>(dimension)];
    }
};

}  // namespace ocpi::pricing
