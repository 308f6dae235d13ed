#include "modules/pricing/breakdown.hpp"

namespace ocpi::pricing {

std::string_view to_string(cost_dimension dimension) noexcept
{
    constexpr std::string_view names[] = {"ENERGY", "TIME", "PARKING_TIME", "FLAT", "RESERVATION"};
    return names[static_cast<std::size_t>(dimension)];
}

rational billed_volume(const billed_item& of)
{
    if (!of.component) return 0;
    auto billed = to_rational(of.volume);
    if (of.excess) billed += *of.excess;
    return billed;
}

rational amount(const billed_item& of)
{
    if (!of.component) return 0;
    return billed_volume(of) * to_rational(of.component->price);
}

}  // namespace ocpi::pricing
