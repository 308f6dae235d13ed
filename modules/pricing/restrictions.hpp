#pragma once

#include "modules/pricing/moment.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstdint>

namespace ocpi::pricing {

/// Whether the restrictions of an element hold at a moment.
enum class verdict : std::uint8_t {
    no,
    yes,
    assumed,  ///< yes, but a restricted current or power is unknown
};

/// Evaluates all restrictions [tariffs, TariffRestrictions] except `reservation`, which depends on
/// the phase, not on the moment.
verdict judge(const tariffs::tariff_restrictions& restrictions, const moment& at);

}  // namespace ocpi::pricing
