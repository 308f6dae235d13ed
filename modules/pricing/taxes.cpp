#include "modules/pricing/taxes.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

/// True when `a` stands before `b`.
bool is_before(const decimal* a, const decimal* b)
{
    if (!a || !b) return a && !b;
    return *a < *b;
}

const decimal* percentage_of(const tax& entry)
{
    return entry.percentage ? &*entry.percentage : nullptr;
}

}  // namespace

taxed_amount split_taxes(const rational& amount, const tariffs::tariff& tariff,
                         const tariffs::price_component& component)
{
    taxed_amount split;
    split.before_taxes = amount;
    split.after_taxes = amount;
    if (tariff.tax_included == tariffs::tax_included::not_applicable) return split;
    const bool is_gross = tariff.tax_included == tariffs::tax_included::yes;
    split.vat = tariffs::usable_vat(component);
    if (split.vat) {
        const rational factor = 1 + to_rational(*split.vat) / 100;
        if (is_gross) {
            split.before_taxes = amount / factor;
        } else {
            split.after_taxes = amount * factor;
        }
    } else if (amount != 0 && !tariff.names_vat) {
        (is_gross ? split.before_taxes : split.after_taxes).reset();
    }
    return split;
}

std::optional<rational> before_taxes(const rational& amount, const tariffs::tariff& tariff,
                                     const tariffs::price_component& component)
{
    return split_taxes(amount, tariff, component).before_taxes;
}

bool includes_taxes(const tariffs::tariff& tariff, const tariffs::price_component& component)
{
    return tariff.tax_included == tariffs::tax_included::yes &&
           (tariffs::usable_vat(component) || !tariff.names_vat);
}

void add_tax(std::vector<tax>& taxes, const decimal* percentage, const rational& amount)
{
    auto at = std::find_if(taxes.begin(), taxes.end(), [percentage](const tax& entry) {
        return !is_before(percentage_of(entry), percentage);
    });
    if (at == taxes.end() || is_before(percentage, percentage_of(*at))) {
        tax entry;
        entry.name = "VAT";
        if (percentage) entry.percentage = *percentage;
        at = taxes.insert(at, std::move(entry));
    }
    at->amount += amount;
}

}  // namespace ocpi::pricing
