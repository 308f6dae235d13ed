#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/time_zone.hpp"

#include <span>

namespace ocpi::pricing {

/// Prices a session by tariffs of which none is nullptr, as if it ended now; `zone` is that of the
/// location. A period is priced by the tariff that it names, else by the session's default, else
/// by the only one given; whether a tariff is valid or of the right type is not asked. Never
/// fails: what cannot be priced costs nothing and leaves a note, and so does what would take too
/// long, the last of many periods under many elements. Pure, safe from any thread.
breakdown make_breakdown(const priced_session& session,
                         std::span<const tariffs::tariff_ptr> tariffs, const time_zone& zone);

}  // namespace ocpi::pricing
