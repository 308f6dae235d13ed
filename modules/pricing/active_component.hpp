#pragma once

#include "modules/pricing/pricing_state.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace ocpi::pricing {

/// The phase of a session, which decides the elements that can price it.
enum class phase : std::uint8_t { charging, reservation, expired_reservation };

/// The component that prices a dimension; owned by its tariff.
struct active_component {
    const tariffs::price_component* component = nullptr;
    /// Index of the tariff's element.
    std::size_t element = 0;
    /// A restriction is assumed to hold (verdict::assumed).
    bool is_assumed = false;
};

/// The component of the first element that has one for the dimension and whose restrictions all
/// hold [tariffs, Tariff object]; std::nullopt: the dimension is free. In an expired reservation
/// elements for RESERVATION_EXPIRES precede those for RESERVATION. `energy` and `parking_time` are
/// never active in a reservation. Adds the number of elements and components examined to `checks`.
std::optional<active_component> find_component(const tariffs::tariff& tariff,
                                               tariffs::tariff_dimension dimension, phase during,
                                               const pricing_state& at, std::size_t& checks);

/// True if a kWh charged at that moment costs something, or would after some amount of energy.
bool may_price_energy(const tariffs::tariff& tariff, const pricing_state& at, std::size_t& checks);

}  // namespace ocpi::pricing
