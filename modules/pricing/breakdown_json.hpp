#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/comparison.hpp"

#include "ocpi/json/writer.hpp"

#include <optional>
#include <string>

namespace ocpi::pricing {

/// The breakdown as one JSON object (docs/cost.md). Amounts and volumes are decimals as strings
/// with all their digits, endless ones rounded at the 12th; kWh and hours.
std::string write_breakdown(const breakdown& of,
                            const std::optional<comparison>& with_cpo = std::nullopt);

/// The members of that object but its currency, appended to one that is being composed.
void write_breakdown_members(json::object_writer& object, const breakdown& of,
                             const std::optional<comparison>& with_cpo);

}  // namespace ocpi::pricing
