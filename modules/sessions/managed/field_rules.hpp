#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/json/field_reader.hpp"

#include <optional>
#include <string_view>

/// What policies and overrides ask of their members alike.
namespace ocpi::sessions::managed {

/// A required number with at most 6 digits on either side of its point, so that it can be
/// reckoned with.
std::optional<decimal> read_plain_number(json::object_reader& in, std::string_view name);

/// Such a number from 0 to 100.
std::optional<decimal> read_percent(json::object_reader& in, std::string_view name);

}  // namespace ocpi::sessions::managed
