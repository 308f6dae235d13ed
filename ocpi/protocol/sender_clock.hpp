#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// Rules for `last_updated`, which is set by the sender's clock and may be wrong; `now` is our
/// clock's time.
namespace ocpi::protocol {

/// A last_updated further ahead of our clock is reported to its sender.
inline constexpr std::chrono::minutes max_clock_lead{5};

/// Age of a correct last_updated on arrival: it is cut to a whole second and delayed in transit.
inline constexpr std::chrono::seconds correction_grace{5};

/// True if a write of `sent` is older than the stored state. A stored last_updated in the future is
/// treated as now minus correction_grace (and minus no more than its lead), so that a sender whose
/// clock was ahead can correct itself.
bool is_stale(date_time sent, date_time stored, date_time now) noexcept;

/// errc::invalid with the advice to resynchronise; `object` is the kind of object, such as
/// `session`.
error stale(std::string_view object, date_time sent, date_time stored);

/// A note for a sender whose last_updated is more than max_clock_lead ahead; else std::nullopt.
std::optional<std::string> note_clock_lead(date_time sent, date_time now);

}  // namespace ocpi::protocol
