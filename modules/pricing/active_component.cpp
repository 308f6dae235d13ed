#include "modules/pricing/active_component.hpp"

#include "modules/pricing/restrictions.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using tariffs::reservation_restriction;
using tariffs::tariff_dimension;

using wanted_reservation = std::optional<reservation_restriction>;

const tariffs::price_component* component_of(const tariffs::tariff_element& element,
                                             tariff_dimension dimension)
{
    for (const auto& component : element.price_components) {
        if (component.type == dimension && component.price.fits(max_factor_places)) {
            return &component;
        }
    }
    return nullptr;
}

std::optional<active_component> find_in(const tariffs::tariff& tariff, tariff_dimension dimension,
                                        const wanted_reservation& wanted, const pricing_state& at,
                                        std::size_t& checks)
{
    for (std::size_t i = 0; i < tariff.elements.size(); ++i) {
        const auto& element = tariff.elements[i];
        checks += 1 + element.price_components.size();
        const auto& restrictions = element.restrictions;
        if ((restrictions ? restrictions->reservation : wanted_reservation()) != wanted) continue;
        const auto* component = component_of(element, dimension);
        if (!component) continue;
        const auto outcome = restrictions ? judge(*restrictions, at) : restriction_match::yes;
        if (outcome == restriction_match::no) continue;
        active_component found;
        found.component = component;
        found.element = i;
        found.is_assumed = outcome == restriction_match::assumed;
        return found;
    }
    return {};
}

}  // namespace

std::optional<active_component> find_component(const tariffs::tariff& tariff,
                                               tariff_dimension dimension, phase during,
                                               const pricing_state& at, std::size_t& checks)
{
    if (during == phase::charging) return find_in(tariff, dimension, std::nullopt, at, checks);
    if (dimension != tariff_dimension::flat && dimension != tariff_dimension::time) return {};
    if (during == phase::expired_reservation) {
        const auto expired =
            find_in(tariff, dimension, reservation_restriction::reservation_expires, at, checks);
        if (expired) return expired;
    }
    return find_in(tariff, dimension, reservation_restriction::reservation, at, checks);
}

bool may_price_energy(const tariffs::tariff& tariff, const pricing_state& at, std::size_t& checks)
{
    for (const auto& element : tariff.elements) {
        checks += 1 + element.price_components.size();
        const auto* component = component_of(element, tariff_dimension::energy);
        auto wanted = element.restrictions.value_or(tariffs::tariff_restrictions());
        if (!component || wanted.reservation) continue;
        const bool depends_on_energy = wanted.min_kwh || wanted.max_kwh;
        wanted.min_kwh.reset();
        wanted.max_kwh.reset();
        if (judge(wanted, at) == restriction_match::no) continue;
        if (!component->price.is_zero()) return true;
        if (!depends_on_energy) return false;
    }
    return false;
}

}  // namespace ocpi::pricing
