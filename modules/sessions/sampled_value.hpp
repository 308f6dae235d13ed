#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/json/document.hpp"

#include <optional>
#include <string_view>

namespace ocpi::sessions {

/// The members of OCPP's SampledValue that are of use, with their defaults; of OCPP 2.0.1 the
/// `unit_of_measure` as well. The texts are those of the document that it was read from.
struct sampled_value {
    std::optional<json::value> value;
    std::string_view context;
    std::string_view measurand = "Energy.Active.Import.Register";
    /// Empty: the measurand's own.
    std::string_view unit;
    /// The value counts times 10 to the power of it.
    int multiplier = 0;
    std::string_view location = "Outlet";
    std::string_view phase;
    std::string_view format;
};

/// std::nullopt when the element is no SampledValue.
std::optional<sampled_value> read_sampled_value(json::value element);

/// Its value times 10 to the power of its multiplier and of `exponent`; std::nullopt when it is no
/// number. Meters spell numbers with leading zeros and a plus sign too.
std::optional<decimal> number_of(const sampled_value& read, int exponent);

}  // namespace ocpi::sessions
