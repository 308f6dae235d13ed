#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

/// `last_updated` of an object is told by its sender's clock, which may be wrong. These are the
/// rules by which it is judged; `now` is what our clock shows.
namespace ocpi::protocol {

/// A last_updated that lies further ahead of our clock is named to its sender.
inline constexpr std::chrono::minutes max_clock_lead{5};

/// By how much a right last_updated may be older than the moment at which it is judged: it was cut
/// to a whole second and has been on its way.
inline constexpr std::chrono::seconds correction_grace{5};

/// True when a write of `sent` comes too late: it is older than what is stored. A stored
/// last_updated that lies in the future counts as of now, less correction_grace (and no more than
/// it lies ahead), so that a sender whose clock was ahead can correct itself.
bool is_stale(date_time sent, date_time stored, date_time now) noexcept;

/// errc::invalid with the advice to resynchronise; `object` is what was sent: `session`, say.
error stale(std::string_view object, date_time sent, date_time stored);

/// What to tell a sender whose last_updated is more than max_clock_lead ahead; std::nullopt when
/// it is not.
std::optional<std::string> note_clock_lead(date_time sent, date_time now);

}  // namespace ocpi::protocol
