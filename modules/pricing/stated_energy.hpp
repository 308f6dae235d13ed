#pragma once

#include "modules/pricing/priced_session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::pricing {

/// True if a session with charging periods has energy beyond rounding, and its periods report none.
bool is_energy_missing(const priced_session& session);

/// A note comparing kwh with its periods: no periods, values in Wh, or a difference of more than 1
/// % of kwh and more than 0.01 kWh, with both figures; std::nullopt when they agree or cannot be
/// compared. `name` is the member kwh was sent as.
std::optional<std::string> energy_note(const priced_session& session, std::string_view name);

}  // namespace ocpi::pricing
