#pragma once

#include "http/message.hpp"
#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <optional>

namespace ocpi::http {

/// The longest pause that another platform can ask us for.
inline constexpr std::chrono::seconds max_retry_after = std::chrono::hours(1);

/// For how long an answer asks not to be called again: its Retry-After, in seconds or as a date
/// [RFC 9110 section 10.2.3], at most max_retry_after. A date counts from the answer's own Date
/// where it has one, so that the two clocks need not agree, else from `now`. std::nullopt when
/// there is none, when it cannot be read, or when it lies in the past.
std::optional<std::chrono::seconds> find_retry_after(const headers& answer, date_time now);

}  // namespace ocpi::http
