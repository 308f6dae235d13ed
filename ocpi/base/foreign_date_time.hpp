#pragma once

#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string_view>

namespace ocpi {

/// A DateTime that was read tolerantly.
struct foreign_date_time {
    parsed_date_time parsed;
    /// True when parse_date_time() does not read it.
    bool is_foreign = false;
    /// What was done to it, for the message to its sender; empty when it has the form of OCPI.
    std::string_view conversion;
};

/// Reads what parse_date_time() reads, and the form of RFC 3339 in which libraries and databases
/// print an instant: a blank for the `T` (`2024-03-01 10:00:00Z`). std::nullopt for any other text.
std::optional<foreign_date_time> parse_foreign_date_time(std::string_view text);

}  // namespace ocpi
