#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/rational.hpp"

#include <optional>
#include <vector>

namespace ocpi::pricing {

/// An amount before and after taxes; std::nullopt: unknown.
struct taxed_amount {
    std::optional<rational> before_taxes;
    std::optional<rational> after_taxes;
    /// The applied rate; nullptr: none.
    const decimal* vat = nullptr;
};

/// Splits an amount into net and gross by the tariff's tax_included. A component without VAT is
/// untaxed when its amount is 0 or another component of its tariff has VAT; otherwise its rate is
/// unknown.
taxed_amount split_taxes(const rational& amount, const tariffs::tariff& tariff,
                         const tariffs::price_component& component);

/// The net of an amount; std::nullopt when the rate is unknown.
std::optional<rational> before_taxes(const rational& amount, const tariffs::tariff& tariff,
                                     const tariffs::price_component& component);

/// True if amounts of the component include taxes, even of an unknown rate; else an amount is its
/// own net.
bool includes_taxes(const tariffs::tariff& tariff, const tariffs::price_component& component);

/// Adds to the entry of that percentage; entries are sorted by percentage, one without percentage
/// last.
void add_tax(std::vector<tax>& taxes, const decimal* percentage, const rational& amount);

}  // namespace ocpi::pricing
