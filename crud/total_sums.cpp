#include "crud/total_sums.hpp"

#include "crud/search.hpp"

#include <utility>

namespace ocpi::crud {

decimal total_sums::wide::value() const
{
    return *decimal::parse(std::to_string(units) + "e3") + from_millionths(rest);
}

totals total_sums::finish() const
{
    totals made;
    for (const auto& [currency, from] : by_currency_) {
        if (from.count == 0) continue;
        totals::part part;
        part.currency = currency;
        part.count = static_cast<std::uint64_t>(from.count);
        part.kwh = from.kwh.value();
        part.cost = from.cost.value();
        made.parts.push_back(std::move(part));
    }
    return made;
}

}  // namespace ocpi::crud
