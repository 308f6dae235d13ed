#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/sessions/session.hpp"

#include <array>
#include <optional>
#include <string>

namespace ocpi::pricing {

/// What the CPO says that it costs. It is compared with, never changed.
struct stated_cost {
    /// total_cost.
    std::optional<sessions::price> total;
    /// What it is in, by ISO 4217; nothing: not sent.
    std::optional<std::string> currency;
    /// A CDR's totals before taxes, by cost_dimension.
    std::array<std::optional<decimal>, cost_dimension_count> dimensions;
};

/// The CPO's total_cost beside ours.
struct comparison {
    decimal before_taxes;
    /// before_taxes and all its taxes; nothing when it names none.
    std::optional<decimal> after_taxes;
    /// The CPO's minus ours; nothing where either is unknown, or they are in different currencies.
    std::optional<rational> difference_before_taxes;
    std::optional<rational> difference_after_taxes;
    /// Where the difference most likely comes from: a name of cost_dimension, `STEP_SIZE`, `TAX`,
    /// `MIN_PRICE`, `MAX_PRICE` or `ROUNDING`; empty when there is none or nothing explains it.
    std::string likely_component;
    /// A sentence for people.
    std::string explanation;
};

/// Nothing when the CPO states no total_cost.
std::optional<comparison> compare(const breakdown& ours, const stated_cost& stated);

}  // namespace ocpi::pricing
