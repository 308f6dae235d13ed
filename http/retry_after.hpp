#pragma once

#include "http/message.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <optional>

namespace ocpi::http {

/// Maximum pause accepted from another platform.
inline constexpr std::chrono::seconds max_retry_after = std::chrono::hours(1);

/// The pause requested by an answer's Retry-After, in seconds or as a date [RFC 9110 section
/// 10.2.3], at most max_retry_after. A date is relative to the answer's Date, so that the clocks
/// need not agree, else to `now`. std::nullopt when absent, unreadable or in the past.
std::optional<std::chrono::seconds> find_retry_after(const headers& answer, date_time now);

}  // namespace ocpi::http
