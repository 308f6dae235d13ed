#include "modules/pricing/totals.hpp"

#include "modules/pricing/limits.hpp"
#include "modules/pricing/taxes.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using tariffs::price_component;

/// Unknown as soon as a part is.
void add(std::optional<rational>& sum, const std::optional<rational>& part)
{
    if (!part) {
        sum.reset();
    } else if (sum) {
        *sum += *part;
    }
}

void add_volume(dimension_cost& dimension, const component_total& one)
{
    if (!one.is_volume()) return;
    dimension.volume = dimension.volume + one.volume;
    if (one.excess) dimension.billed_volume += *one.excess;
}

/// What a tariff charges in one dimension at one rate. Sums are decimals as long as they can be:
/// fractions are slow.
struct rate_group {
    const price_component* component = nullptr;
    cost_dimension dimension = cost_dimension::energy;
    decimal billed_volume;
    decimal amount;
    /// What step_size adds.
    rational step_amount;

    bool takes(const component_total& one) const
    {
        if (one.dimension != dimension) return false;
        const auto* ours = tariffs::usable_vat(*component);
        const auto* theirs = tariffs::usable_vat(*one.component);
        return ours && theirs ? *ours == *theirs : ours == theirs;
    }

    void add(const component_total& one)
    {
        if (one.is_volume()) billed_volume = billed_volume + one.volume;
        amount = amount + one.volume * one.component->price;
        if (one.excess) step_amount += *one.excess * to_rational(one.component->price);
    }
};

std::vector<rate_group> group(const std::vector<component_total>& totals,
                              const tariffs::tariff& tariff)
{
    std::vector<rate_group> groups;
    for (const auto& one : totals) {
        if (!one.component || one.tariff != &tariff) continue;
        auto found = std::find_if(groups.begin(), groups.end(),
                                  [&one](const rate_group& known) { return known.takes(one); });
        if (found == groups.end()) {
            rate_group fresh;
            fresh.component = one.component;
            fresh.dimension = one.dimension;
            found = groups.insert(groups.end(), std::move(fresh));
        }
        found->add(one);
    }
    return groups;
}

/// Fractions of that many rates have denominators without end: taxes are unknown beyond.
constexpr std::size_t max_rates = 200;

/// What is known where the rate is not.
void forget_rate(taxed_amount& split, const tariffs::tariff& tariff)
{
    if (!split.vat) return;
    split.vat = nullptr;
    const bool is_gross = tariff.tax_included == tariffs::tax_included::yes;
    (is_gross ? split.before_taxes : split.after_taxes).reset();
}

void add_costs(dimension_cost& dimension, subtotal& sum, const rate_group& rate,
               const tariffs::tariff& tariff, bool is_rate_known)
{
    dimension.billed_volume += to_rational(rate.billed_volume);
    auto amount = to_rational(rate.amount);
    if (rate.step_amount != 0) {
        amount += rate.step_amount;
        const auto net = before_taxes(rate.step_amount, tariff, *rate.component);
        if (net && is_rate_known) dimension.step_cost += *net;
    }
    auto split = split_taxes(amount, tariff, *rate.component);
    if (!is_rate_known) forget_rate(split, tariff);
    add(dimension.before_taxes, split.before_taxes);
    add(sum.before_taxes, split.before_taxes);
    add(sum.after_taxes, split.after_taxes);
    if (split.vat) add_tax(sum.taxes, split.vat, *split.after_taxes - *split.before_taxes);
}

subtotal add_up_tariff(breakdown& priced, const std::vector<component_total>& totals,
                       const tariffs::tariff& tariff, note_list& notes)
{
    subtotal sum;
    const auto rates = group(totals, tariff);
    const bool are_known = rates.size() <= max_rates;
    if (!are_known) notes.add("tariff " + tariff.id.str() + " has too many tax rates to add up");
    for (const auto& rate : rates) {
        auto& dimension = priced.dimensions[static_cast<std::size_t>(rate.dimension)];
        add_costs(dimension, sum, rate, tariff, are_known);
    }
    if (rates.empty()) {
        notes.add("no element of tariff " + tariff.id.str() + " prices anything in the session");
    }
    if (!sum.before_taxes) {
        notes.add("tariff " + tariff.id.str() +
                  " includes taxes of an unknown rate: only what they are included in is known");
    } else if (!sum.after_taxes) {
        notes.add("tariff " + tariff.id.str() + " names no tax rate: taxes are unknown");
    }
    return sum;
}

}  // namespace

void add_up(breakdown& priced, const std::vector<component_total>& totals, note_list& notes)
{
    for (const auto& one : totals) {
        add_volume(priced.dimensions[static_cast<std::size_t>(one.dimension)], one);
    }
    bool taxes_are_known = true;
    for (const auto& tariff : priced.tariffs) {
        auto sum = add_up_tariff(priced, totals, *tariff, notes);
        add(priced.before_limits, sum.before_taxes);
        apply_limits(sum, *tariff, notes);
        add(priced.before_taxes, sum.before_taxes);
        add(priced.after_taxes, sum.after_taxes);
        taxes_are_known = taxes_are_known && sum.before_taxes && sum.after_taxes;
        for (const auto& entry : sum.taxes) {
            add_tax(priced.taxes, entry.percentage ? &*entry.percentage : nullptr, entry.amount);
        }
    }
    if (!taxes_are_known) priced.taxes.clear();
}

}  // namespace ocpi::pricing
