#pragma once

#include "modules/sessions/cost/breakdown.hpp"
#include "modules/sessions/cost/comparison.hpp"

#include <optional>
#include <string>

namespace ocpi::sessions::cost {

/// The breakdown as lines of text for people, amounts rounded half up to that many places.
std::string write_table(const breakdown& of, const std::optional<comparison>& with_cpo,
                        unsigned places = 2);

}  // namespace ocpi::sessions::cost
