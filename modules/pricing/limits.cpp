#include "modules/pricing/limits.hpp"

#include "modules/pricing/taxes.hpp"
#include "ocpi/base/rational.hpp"

namespace ocpi::pricing {
namespace {

using tariffs::price_limit;

enum class bound { min, max };

bool binds(const rational& value, const rational& limit, bound which)
{
    return which == bound::min ? value < limit : value > limit;
}

class limiter {
public:
    limiter(subtotal& sum, bool has_taxes) : sum_(sum), has_taxes_(has_taxes) {}

    void limit_net(const price_limit& limit, bound which)
    {
        auto& net = sum_.before_taxes;
        const auto bound = to_rational(limit.before_taxes);
        if (!net || !binds(*net, bound, which)) return;
        has_bound_ = true;
        auto& gross = sum_.after_taxes;
        if (gross && !(has_taxes_ && limit.after_taxes)) {
            gross = *net == 0 || !has_taxes_ ? bound : rational(*gross * bound / *net);
        }
        net = bound;
    }

    void limit_gross(const price_limit& limit, bound which)
    {
        auto& gross = sum_.after_taxes;
        if (!has_taxes_ || !limit.after_taxes || !gross) return;
        const auto bound = to_rational(*limit.after_taxes);
        if (!binds(*gross, bound, which)) return;
        has_bound_ = true;
        gross = bound;
    }

    /// Taxes are never negative where a limit binds, and add up.
    void settle()
    {
        if (!has_bound_ || !sum_.before_taxes || !sum_.after_taxes) return;
        if (*sum_.after_taxes < *sum_.before_taxes) sum_.after_taxes = sum_.before_taxes;
        scale_taxes(*sum_.after_taxes - *sum_.before_taxes);
    }

private:
    void scale_taxes(const rational& wanted)
    {
        rational total = 0;
        for (const auto& entry : sum_.taxes) total += entry.amount;
        if (total != 0) {
            for (auto& entry : sum_.taxes) entry.amount *= wanted / total;
        } else if (wanted != 0) {
            add_tax(sum_.taxes, nullptr, wanted);
        }
    }

    subtotal& sum_;
    bool has_taxes_;
    bool has_bound_ = false;
};

}  // namespace

void apply_limits(subtotal& sum, const tariffs::tariff& tariff, note_list& notes)
{
    const auto& min = tariff.min_price;
    const auto& max = tariff.max_price;
    if (!min && !max) return;
    if (min && max && min->before_taxes > max->before_taxes) {
        notes.add("the min_price of tariff " + tariff.id.str() + " is above its max_price");
    }
    limiter limits(sum, tariff.tax_included != tariffs::tax_included::not_applicable);
    if (min) limits.limit_net(*min, bound::min);
    if (max) limits.limit_net(*max, bound::max);
    if (min) limits.limit_gross(*min, bound::min);
    if (max) limits.limit_gross(*max, bound::max);
    limits.settle();
}

}  // namespace ocpi::pricing
