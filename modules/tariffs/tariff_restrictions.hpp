#pragma once

#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/field_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// Parts of reading a Tariff, for tariff_codec.cpp.
namespace ocpi::tariffs {

/// OCPI's int: a number without a fraction in any spelling, of at most 18 digits.
std::optional<std::int64_t> read_integer(json::object_reader& in, std::string_view name,
                                         json::presence wanted);

/// The restrictions of a TariffElement, if any [tariffs, TariffRestrictions]. Durations are capped
/// at 10^12 seconds, so that they can be calculated with in milliseconds.
std::optional<tariff_restrictions> read_restrictions(json::object_reader& element);

}  // namespace ocpi::tariffs
