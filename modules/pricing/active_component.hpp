#pragma once

#include "modules/pricing/pricing_state.hpp"
#include "modules/tariffs/tariff.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

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

/// The elements of a tariff by what they price, for many moments. The tariff must outlive it.
class element_index {
public:
    explicit element_index(const tariffs::tariff& of);

    /// The component of the first element that has one for the dimension and whose restrictions all
    /// hold [tariffs, Tariff object]; std::nullopt: the dimension is free. In an expired
    /// reservation elements for RESERVATION_EXPIRES precede those for RESERVATION. `energy` and
    /// `parking_time` are never active in a reservation. Adds to `checks` how many elements and
    /// components the tariff has up to the one that was found.
    std::optional<active_component> find(tariffs::tariff_dimension dimension, phase during,
                                         const pricing_state& at, std::size_t& checks) const;

private:
    struct candidate {
        const tariffs::price_component* component = nullptr;
        /// nullptr: there are none.
        const tariffs::tariff_restrictions* restrictions = nullptr;
        std::size_t element = 0;
        /// The number of elements and components up to this element.
        std::size_t checks = 0;
    };
    using candidates = std::vector<candidate>;

    static std::size_t kind_of(tariffs::reservation_restriction reservation) noexcept;
    static std::size_t place_of(tariffs::tariff_dimension dimension, std::size_t kind) noexcept;
    std::optional<active_component> find_in(const candidates& some, const pricing_state& at,
                                            std::size_t& checks) const;

    static constexpr std::size_t dimensions = 4;
    static constexpr std::size_t without_reservation = 0;
    static constexpr std::size_t kinds = 3;
    /// Those of one dimension and one kind of reservation, in the order of the elements.
    std::array<candidates, dimensions * kinds> by_use_;
    std::size_t all_checks_ = 0;
};

/// True if a kWh charged at that moment costs something, or would after some amount of energy.
bool may_price_energy(const tariffs::tariff& tariff, const pricing_state& at, std::size_t& checks);

}  // namespace ocpi::pricing
