#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/field_reader.hpp"

#include <vector>

namespace ocpi::sessions {

/// Reads the member `charging_periods` of a Session or a CDR [cdrs, ChargingPeriod], in the order
/// sent. OCPI requires `dimensions` of each, and one at least; who reads what was accepted before
/// need not.
std::vector<charging_period> read_charging_periods(json::object_reader& in,
                                                   json::presence dimensions);

}  // namespace ocpi::sessions
