#pragma once

#include "modules/pricing/priced_session.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::pricing {

/// True when a session with charging periods has energy, more than may be rounding, and its periods
/// tell of none at all.
bool is_energy_untold(const priced_session& session);

/// What its kwh says about the energy of its periods: that there are no periods, that theirs are
/// Wh, or that both differ by more than 1 % of kwh and more than 0.01 kWh, with both figures;
/// std::nullopt when they agree or cannot be compared. `name` is that of the member kwh was sent
/// as.
std::optional<std::string> energy_note(const priced_session& session, std::string_view name);

}  // namespace ocpi::pricing
