#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/priced_session.hpp"
#include "modules/tariffs/tariff.hpp"
#include "ocpi/base/time_zone.hpp"

#include <span>

namespace ocpi::pricing {

/// Prices a session by tariffs (none nullptr) as if it ended now; `zone` is the location's. Each
/// period is priced by the tariff it names, else by the session's default, else by the only one
/// given; validity and type of tariffs are not checked. Never fails: parts that cannot be priced,
/// or would take too long (the last of many periods under many elements), cost nothing and leave a
/// note. Pure; safe from any thread.
breakdown make_breakdown(const priced_session& session,
                         std::span<const tariffs::tariff_ptr> tariffs, const time_zone& zone);

}  // namespace ocpi::pricing
