#pragma once

#include "ocpi/base/decimal.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <optional>
#include <string>

namespace ocpi::pricing {

/// An amount or a volume as a JSON string, with all its digits.
inline std::string write_number(const decimal& number)
{
    return json::quote(to_text(number));
}

/// Endless numbers are rounded at the 12th place.
inline std::string write_number(const rational& number)
{
    return write_number(to_decimal(number));
}

/// null for std::nullopt.
template <class T>
std::string write_number(const std::optional<T>& value)
{
    return value ? write_number(*value) : "null";
}

}  // namespace ocpi::pricing
