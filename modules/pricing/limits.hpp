#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/tariffs/tariff.hpp"

#include <optional>
#include <vector>

namespace ocpi::pricing {

/// The cost of a session by one tariff.
struct subtotal {
    /// std::nullopt: unknown.
    std::optional<rational> before_taxes = rational(0);
    std::optional<rational> after_taxes = rational(0);
    std::vector<tax> taxes;
};

/// Applies the tariff's min_price and max_price [tariffs, Tariff object]. The limits before and
/// after taxes apply independently; one that applies without stating taxes scales them. If both
/// totals are known, the taxes add up to their difference.
void apply_limits(subtotal& sum, const tariffs::tariff& tariff, note_list& notes);

}  // namespace ocpi::pricing
