#include "modules/pricing/active_component.hpp"

#include "modules/pricing/restrictions.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using tariffs::reservation_restriction;
using tariffs::tariff_dimension;

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

}  // namespace

element_index::element_index(const tariffs::tariff& of)
{
    for (std::size_t i = 0; i < of.elements.size(); ++i) {
        const auto& element = of.elements[i];
        all_checks_ += 1 + element.price_components.size();
        candidate one;
        one.element = i;
        one.checks = all_checks_;
        if (element.restrictions) one.restrictions = &*element.restrictions;
        auto kind = without_reservation;
        if (one.restrictions && one.restrictions->reservation) {
            kind = kind_of(*one.restrictions->reservation);
        }
        for (const auto dimension : {tariff_dimension::energy, tariff_dimension::flat,
                                     tariff_dimension::parking_time, tariff_dimension::time}) {
            one.component = component_of(element, dimension);
            if (one.component) by_use_[place_of(dimension, kind)].push_back(one);
        }
    }
}

std::size_t element_index::kind_of(reservation_restriction reservation) noexcept
{
    return 1 + static_cast<std::size_t>(reservation);
}

std::size_t element_index::place_of(tariff_dimension dimension, std::size_t kind) noexcept
{
    return static_cast<std::size_t>(dimension) * kinds + kind;
}

std::optional<active_component> element_index::find_in(const candidates& some,
                                                       const pricing_state& at,
                                                       std::size_t& checks) const
{
    for (const auto& each : some) {
        const auto outcome =
            each.restrictions ? judge(*each.restrictions, at) : restriction_match::yes;
        if (outcome == restriction_match::no) continue;
        checks += each.checks;
        active_component found;
        found.component = each.component;
        found.element = each.element;
        found.is_assumed = outcome == restriction_match::assumed;
        return found;
    }
    checks += all_checks_;
    return {};
}

std::optional<active_component> element_index::find(tariff_dimension dimension, phase during,
                                                    const pricing_state& at,
                                                    std::size_t& checks) const
{
    const auto find_with = [&](std::size_t kind) {
        return find_in(by_use_[place_of(dimension, kind)], at, checks);
    };
    if (during == phase::charging) return find_with(without_reservation);
    if (dimension != tariff_dimension::flat && dimension != tariff_dimension::time) return {};
    if (during == phase::expired_reservation) {
        const auto expired = find_with(kind_of(reservation_restriction::reservation_expires));
        if (expired) return expired;
    }
    return find_with(kind_of(reservation_restriction::reservation));
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
