#include "modules/tariffs/tariff.hpp"

#include <algorithm>
#include <cstdint>

namespace ocpi::tariffs {
namespace {

/// Of a percentage on either side of its point. No law has more, and sums of fractions have the
/// product of all rates below.
constexpr std::int64_t max_vat_places = 12;

}  // namespace

const decimal* usable_vat(const price_component& component)
{
    const auto& vat = component.vat;
    return vat && !vat->is_negative() && vat->fits(max_vat_places) ? &*vat : nullptr;
}

bool names_vat(const std::vector<tariff_element>& elements)
{
    return std::any_of(elements.begin(), elements.end(), [](const tariff_element& element) {
        const auto& components = element.price_components;
        return std::any_of(components.begin(), components.end(), usable_vat);
    });
}

std::size_t count_parts(const tariff& of)
{
    auto parts = of.elements.size();
    for (const auto& element : of.elements) parts += element.price_components.size();
    return parts;
}

std::size_t memory_size(const tariff& of)
{
    auto bytes = sizeof(tariff) + of.elements.capacity() * sizeof(tariff_element);
    for (const auto& element : of.elements) {
        bytes += element.price_components.capacity() * sizeof(price_component);
    }
    return bytes;
}

}  // namespace ocpi::tariffs
