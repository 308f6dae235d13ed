#pragma once

#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/comparison.hpp"

#include <optional>
#include <string>

namespace ocpi::pricing {

/// The breakdown as text for people, amounts rounded half up to that many places.
std::string write_table(const breakdown& of, const std::optional<comparison>& with_cpo,
                        unsigned places = 2);

}  // namespace ocpi::pricing
