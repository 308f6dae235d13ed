#pragma once

#include "modules/tariffs/tariff.hpp"
#include "ocpi/json/field_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// Parts of reading a Tariff, for tariff_codec.cpp.
namespace ocpi::tariffs {

/// OCPI's int: a number without a fraction, however it is spelt, of at most 18 digits.
std::optional<std::int64_t> read_integer(json::object_reader& in, std::string_view name,
                                         json::presence wanted);

/// The restrictions of a TariffElement, if it has any [tariffs, TariffRestrictions]. A duration
/// beyond 10^12 seconds counts as that, so that it can be reckoned with in milliseconds.
std::optional<tariff_restrictions> read_restrictions(json::object_reader& element);

}  // namespace ocpi::tariffs
