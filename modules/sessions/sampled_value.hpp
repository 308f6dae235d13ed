#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string_view>

namespace ocpi::sessions {

/// The members of OCPP's SampledValue used here, with their defaults; also OCPP 2.0.1's
/// `unit_of_measure`. The texts are views of the source document.
struct sampled_value {
    std::optional<json::value> value;
    std::string_view context;
    std::string_view measurand = "Energy.Active.Import.Register";
    /// Empty: the measurand's own.
    std::string_view unit;
    /// Power of ten that multiplies the value.
    int multiplier = 0;
    std::string_view location = "Outlet";
    std::string_view phase;
    std::string_view format;
};

/// std::nullopt when the element is not a SampledValue.
std::optional<sampled_value> read_sampled_value(json::value element);

/// The value times 10 to the power of its multiplier and of `exponent`; std::nullopt when it is not
/// a number. Leading zeros and a plus sign, as sent by meters, are accepted.
std::optional<decimal> number_of(const sampled_value& read, int exponent);

}  // namespace ocpi::sessions
