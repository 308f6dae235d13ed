#pragma once

#include "modules/pricing/moment.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstdint>

namespace ocpi::pricing {

/// Whether the restrictions of an element hold at a moment.
enum class verdict : std::uint8_t {
    no,
    yes,
    assumed,  ///< yes, but a current or a power that they name is unknown
};

/// All restrictions at once [tariffs, TariffRestrictions], except `reservation`, which is about
/// the phase and not the moment.
verdict judge(const tariffs::tariff_restrictions& restrictions, const moment& at);

}  // namespace ocpi::pricing
