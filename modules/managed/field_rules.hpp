#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/json/field_reader.hpp"

#include <optional>
#include <string_view>

/// Field rules shared by policies and overrides.
namespace ocpi::managed {

/// A required number that is 0 or has an absolute value from 0.000001 to below 1000000, so that
/// charging times computed from such numbers can be represented.
std::optional<decimal> read_plain_number(json::object_reader& in, std::string_view name);

/// Such a number from 0 to 100.
std::optional<decimal> read_percent(json::object_reader& in, std::string_view name);

}  // namespace ocpi::managed
