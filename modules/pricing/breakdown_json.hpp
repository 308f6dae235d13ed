#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/comparison.hpp"

#include "ocpi/json/writer.hpp"

#include <optional>
#include <string>

namespace ocpi::pricing {

/// The breakdown as one JSON object (docs/cost.md). Amounts and volumes (kWh, hours) are decimal
/// strings with all digits, endless ones rounded at the 12th.
std::string write_breakdown(const breakdown& of,
                            const std::optional<comparison>& with_cpo = std::nullopt);

/// Appends the members of that object except its currency.
void write_breakdown_members(json::object_writer& object, const breakdown& of,
                             const std::optional<comparison>& with_cpo);

}  // namespace ocpi::pricing
