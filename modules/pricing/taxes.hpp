#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/rational.hpp"

#include <optional>
#include <vector>

namespace ocpi::pricing {

/// An amount without and with its tax; nothing: unknown.
struct taxed_amount {
    std::optional<rational> before_taxes;
    std::optional<rational> after_taxes;
    /// The rate by which both were told apart; nullptr: none was.
    const decimal* vat = nullptr;
};

/// Tells net and gross of an amount apart as the tariff's tax_included says. A component without
/// VAT has no tax when its amount is 0 or another of its tariff has VAT; otherwise its rate is
/// unknown.
taxed_amount split_taxes(const rational& amount, const tariffs::tariff& tariff,
                         const tariffs::price_component& component);

/// The net of an amount; nothing when the rate is unknown.
std::optional<rational> before_taxes(const rational& amount, const tariffs::tariff& tariff,
                                     const tariffs::price_component& component);

/// True when taxes are to be taken out of amounts by the component, if only of an unknown rate;
/// else an amount is its own net.
bool includes_taxes(const tariffs::tariff& tariff, const tariffs::price_component& component);

/// Adds to the entry of that percentage; entries stand by rising percentage, one without last.
void add_tax(std::vector<tax>& taxes, const decimal* percentage, const rational& amount);

}  // namespace ocpi::pricing
