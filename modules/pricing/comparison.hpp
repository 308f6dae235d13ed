#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/sessions/session.hpp"

#include <array>
#include <optional>
#include <string>

namespace ocpi::pricing {

/// The cost stated by the CPO, used for comparison only.
struct stated_cost {
    /// total_cost.
    std::optional<sessions::price> total;
    /// ISO 4217; std::nullopt: not sent.
    std::optional<std::string> currency;
    /// A CDR's totals before taxes, by cost_dimension.
    std::array<std::optional<decimal>, cost_dimension_count> dimensions;
};

/// Comparison of the CPO's total_cost with ours.
struct comparison {
    decimal before_taxes;
    /// As after_taxes() of the CPO's total_cost.
    std::optional<decimal> after_taxes;
    /// The CPO's minus ours; std::nullopt when either is unknown or the currencies differ.
    std::optional<rational> difference_before_taxes;
    std::optional<rational> difference_after_taxes;
    /// The likely cause of the difference: a name of cost_dimension, `STEP_SIZE`, `TAX`,
    /// `MIN_PRICE`, `MAX_PRICE` or `ROUNDING`; empty when there is no difference or no explanation.
    std::string likely_component;
    /// A sentence for people.
    std::string explanation;
};

/// before_taxes plus all its taxes; std::nullopt when it names none.
std::optional<decimal> after_taxes(const sessions::price& of);

/// std::nullopt when the CPO sent no total_cost.
std::optional<comparison> compare(const breakdown& ours, const stated_cost& stated);

}  // namespace ocpi::pricing
