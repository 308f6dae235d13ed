#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/json/field_reader.hpp"

#include <optional>
#include <string_view>

/// What policies and overrides ask of their members alike.
namespace ocpi::managed {

/// A required number that is 0 or, but for its sign, from 0.000001 to below 1000000: how long
/// charging takes, which is told from such numbers, is then a time that can be told.
std::optional<decimal> read_plain_number(json::object_reader& in, std::string_view name);

/// Such a number from 0 to 100.
std::optional<decimal> read_percent(json::object_reader& in, std::string_view name);

}  // namespace ocpi::managed
