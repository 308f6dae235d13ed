#pragma once

#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string_view>

namespace ocpi {

/// A tolerantly parsed DateTime.
struct foreign_date_time {
    parsed_date_time parsed;
    /// True if parse_date_time() does not accept it.
    bool is_foreign = false;
    /// The conversion, for the message to its sender; empty when it has OCPI's form.
    std::string_view conversion;
};

/// Parses the forms of parse_date_time(), and the form of RFC 3339 printed by libraries and
/// databases: a blank for the `T` (`2024-03-01 10:00:00Z`). std::nullopt for any other text.
std::optional<foreign_date_time> parse_foreign_date_time(std::string_view text);

}  // namespace ocpi
