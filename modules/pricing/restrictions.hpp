#pragma once

#include "modules/pricing/pricing_state.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstdint>

namespace ocpi::pricing {

/// Whether the restrictions of an element hold at a moment.
enum class restriction_match : std::uint8_t {
    no,
    yes,
    assumed,  ///< yes, but a restricted current or power is unknown
};

/// Evaluates all restrictions [tariffs, TariffRestrictions] except `reservation`, which depends on
/// the phase, not on the moment.
restriction_match judge(const tariffs::tariff_restrictions& restrictions, const pricing_state& at);

}  // namespace ocpi::pricing
