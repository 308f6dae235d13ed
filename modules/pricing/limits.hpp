#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/tariffs/tariff.hpp"

#include <optional>
#include <vector>

namespace ocpi::pricing {

/// What a session costs by one of its tariffs.
struct subtotal {
    /// Nothing: unknown.
    std::optional<rational> before_taxes = rational(0);
    std::optional<rational> after_taxes = rational(0);
    std::vector<tax> taxes;
};

/// Applies the tariff's min_price and max_price [tariffs, Tariff object]. The limits before and
/// after taxes bind independently; one that binds and says nothing of taxes scales them. Where
/// both totals are known, the taxes add up to their difference.
void apply_limits(subtotal& sum, const tariffs::tariff& tariff, note_list& notes);

}  // namespace ocpi::pricing
