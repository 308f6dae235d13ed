#include "modules/pricing/comparison.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <iterator>

namespace ocpi::pricing {
namespace {

constexpr cost_dimension all_dimensions[] = {cost_dimension::energy, cost_dimension::time,
                                             cost_dimension::parking_time, cost_dimension::flat,
                                             cost_dimension::reservation};

/// What may explain a difference, and in which words.
struct guess {
    std::string component;
    std::string explanation;
};

/// To cents, or to what is finer, half away from zero: whole units are nobody's least.
bool is_rounding(const rational& ours, const decimal& theirs)
{
    constexpr unsigned places[] = {2, 3, 4};
    return std::any_of(std::begin(places), std::end(places),
                       [&](unsigned count) { return rounded(ours, count) == theirs; });
}

/// A unit of the last place that an amount is given in, a cent at most.
rational unit_of(const decimal& amount)
{
    constexpr std::int64_t cents = 2;
    const auto places = std::max(cents, -amount.exponent());
    return rational(1, pow(boost::multiprecision::cpp_int(10), static_cast<unsigned>(places)));
}

bool is_below(const rational& difference, const rational& bound)
{
    return -bound < difference && difference < bound;
}

/// Ours cut off, rounded up or rounded half to even at the places that theirs is given in.
bool is_loose_rounding(const rational& ours, const decimal& theirs)
{
    return is_below(to_rational(theirs) - ours, unit_of(theirs));
}

/// What cutting off or rounding each of the taxes comes to, at most.
rational unit_of_taxes(const sessions::price& theirs)
{
    rational sum = 0;
    for (const auto& tax : theirs.taxes) sum += unit_of(tax.amount);
    return sum;
}

/// After taxes, the difference is no more than rounding: that of the net, which is taxed too, and
/// that of the taxes.
bool is_gross_rounded(const rational& difference, const std::optional<rational>& of_net,
                      const sessions::price& theirs)
{
    const rational of_taxes = difference - of_net.value_or(rational(0));
    const rational net_unit = of_net ? rational(abs(*of_net)) : unit_of(theirs.before_taxes);
    return is_below(of_taxes, unit_of_taxes(theirs) + net_unit);
}

/// Theirs before taxes is ours, rounded in whatever way, and so is after taxes where both are
/// known.
std::optional<guess> guess_rounding(const breakdown& ours, const sessions::price& theirs,
                                    const comparison& found)
{
    const auto& net = found.difference_before_taxes;
    const auto& gross = found.difference_after_taxes;
    if (!net && !gross) return {};
    if (net && !is_loose_rounding(*ours.before_taxes, theirs.before_taxes)) return {};
    if (gross && !is_gross_rounded(*gross, net, theirs)) return {};
    return guess{"ROUNDING", "the CPO's amount is ours, cut off or rounded in another way"};
}

/// A limit that ours has applied and theirs not, or the other way round.
std::optional<guess> guess_limit(const breakdown& ours, const rational& theirs)
{
    if (ours.before_limits && ours.before_taxes && *ours.before_limits == theirs &&
        theirs != *ours.before_taxes) {
        const bool is_min = theirs < *ours.before_taxes;
        return guess{is_min ? "MIN_PRICE" : "MAX_PRICE",
                     is_min ? "the CPO has not applied the tariff's min_price"
                            : "the CPO has not applied the tariff's max_price"};
    }
    for (const auto& tariff : ours.tariffs) {
        const auto is_theirs = [&](const std::optional<tariffs::price_limit>& limit) {
            return limit && to_rational(limit->before_taxes) == theirs;
        };
        if (is_theirs(tariff->min_price)) {
            return guess{"MIN_PRICE", "the CPO's amount is the tariff's min_price"};
        }
        if (is_theirs(tariff->max_price)) {
            return guess{"MAX_PRICE", "the CPO's amount is the tariff's max_price"};
        }
    }
    return {};
}

std::optional<guess> guess_steps(const breakdown& ours, const rational& difference)
{
    rational all = 0;
    for (const auto dimension : all_dimensions) {
        const auto& of = ours.of(dimension);
        all += of.step_cost;
        if (of.step_cost != 0 && difference == -of.step_cost) {
            const std::string name(to_string(dimension));
            return guess{"STEP_SIZE",
                         of.step_cost > 0
                             ? "the CPO has not rounded " + name +
                                   " up to the step_size of its last component"
                             : "the CPO has billed " + name +
                                   " as it was sent, not the full steps that it is rounded from"};
        }
    }
    if (all == 0 || difference != -all) return {};
    return guess{"STEP_SIZE", "the CPO has rounded nothing up to a step_size"};
}

/// One dimension left out, or charged twice; none where several cost as much.
std::optional<guess> guess_dimension(const breakdown& ours, const rational& difference)
{
    std::optional<guess> found;
    for (const auto dimension : all_dimensions) {
        const auto& cost = ours.of(dimension).before_taxes;
        const bool fits = cost && *cost != 0 && (difference == -*cost || difference == *cost);
        if (!fits) continue;
        if (found) return {};
        const std::string name(to_string(dimension));
        const bool is_left_out = difference == -*cost;
        found = guess{name, "the difference is what " + name + " costs: the CPO " +
                                (is_left_out ? "left it out" : "took it twice")};
    }
    return found;
}

/// The part of a CDR's cost that differs from ours by more than rounding, when it is the only one.
std::optional<guess> guess_part(const breakdown& ours, const stated_cost& stated)
{
    std::optional<cost_dimension> differing;
    for (const auto dimension : all_dimensions) {
        const auto& theirs = stated.dimensions[static_cast<std::size_t>(dimension)];
        const auto& cost = ours.of(dimension).before_taxes;
        if (!theirs || !cost || is_loose_rounding(*cost, *theirs)) continue;
        if (differing) return {};
        differing = dimension;
    }
    if (!differing) return {};
    const std::string name(to_string(*differing));
    return guess{name, "of the CPO's parts, that of " + name + " alone differs from ours"};
}

std::optional<guess> explain(const breakdown& ours, const stated_cost& stated,
                             const comparison& found)
{
    const auto theirs = to_rational(found.before_taxes);
    if (!ours.before_taxes) {
        if (ours.after_taxes && found.difference_after_taxes != rational(0) &&
            *ours.after_taxes == theirs) {
            return guess{"TAX", "the CPO's amount before taxes is ours with taxes included"};
        }
        return guess_rounding(ours, *stated.total, found);
    }
    const auto& difference = *found.difference_before_taxes;
    if (difference == 0) {
        const auto& gross = found.difference_after_taxes;
        const bool is_rounded = gross && (is_rounding(*ours.after_taxes, *found.after_taxes) ||
                                          is_below(*gross, unit_of_taxes(*stated.total)));
        if (is_rounded) {
            return guess{"ROUNDING", "before taxes both are equal: the CPO has rounded the taxes"};
        }
        return guess{"TAX", "before taxes both are equal: the taxes differ"};
    }
    if (is_rounding(*ours.before_taxes, found.before_taxes)) {
        return guess{"ROUNDING", "the CPO's amount is ours, rounded"};
    }
    if (auto step = guess_steps(ours, difference)) return step;
    if (auto part = guess_part(ours, stated)) return part;
    if (auto limit = guess_limit(ours, theirs)) return limit;
    if (ours.after_taxes && *ours.after_taxes == theirs) {
        return guess{"TAX", "the CPO's amount before taxes is ours after taxes"};
    }
    if (auto dimension = guess_dimension(ours, difference)) return dimension;
    return guess_rounding(ours, *stated.total, found);
}

bool are_in_one_currency(const breakdown& ours, const stated_cost& stated)
{
    return !stated.currency || ours.currency.empty() ||
           equal_ignoring_case(*stated.currency, ours.currency);
}

bool is_equal(const comparison& found)
{
    const bool net_is = found.difference_before_taxes && *found.difference_before_taxes == 0;
    const bool gross_is = !found.difference_after_taxes || *found.difference_after_taxes == 0;
    return net_is && gross_is;
}

}  // namespace

std::optional<decimal> after_taxes(const sessions::price& of)
{
    if (of.taxes.empty()) return {};
    auto gross = of.before_taxes;
    for (const auto& tax : of.taxes) gross = gross + tax.amount;
    return gross;
}

std::optional<comparison> compare(const breakdown& ours, const stated_cost& stated)
{
    if (!stated.total) return {};
    comparison found;
    found.before_taxes = stated.total->before_taxes;
    found.after_taxes = after_taxes(*stated.total);
    if (!are_in_one_currency(ours, stated)) {
        found.explanation = "the CPO's amount is in " + *stated.currency + ", ours in " +
                            ours.currency + ": they cannot be compared";
        return found;
    }
    if (ours.before_taxes) {
        found.difference_before_taxes = to_rational(found.before_taxes) - *ours.before_taxes;
    }
    if (ours.after_taxes && found.after_taxes) {
        found.difference_after_taxes = to_rational(*found.after_taxes) - *ours.after_taxes;
    }
    if (is_equal(found)) {
        found.explanation = "equal";
    } else if (auto guessed = explain(ours, stated, found)) {
        found.likely_component = std::move(guessed->component);
        found.explanation = std::move(guessed->explanation);
    } else if (ours.tariffs.empty()) {
        found.explanation = "no tariff has priced anything";
    } else {
        found.explanation = "no single part explains the difference";
    }
    return found;
}

}  // namespace ocpi::pricing
