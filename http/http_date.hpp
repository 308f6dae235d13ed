#pragma once

#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::http {

/// `Sun, 06 Nov 1994 08:49:37 GMT` [RFC 9110 section 5.6.7, IMF-fixdate]; milliseconds are cut.
std::string write_http_date(date_time instant);

/// Parses any of the three forms of RFC 9110 section 5.6.7: IMF-fixdate and the obsolete ones of
/// RFC 850 and asctime. A two-digit year is the one within 50 years of `now`. std::nullopt for any
/// other text and for a day that does not exist; the day of the week is not checked.
std::optional<date_time> parse_http_date(std::string_view text, date_time now);

}  // namespace ocpi::http
