#include "ocpi/protocol/sender_clock.hpp"

#include <algorithm>

namespace ocpi::protocol {

bool is_stale(date_time sent, date_time stored, date_time now) noexcept
{
    if (stored <= now) return sent < stored;
    const auto grace =
        std::min<std::chrono::milliseconds>(stored.instant() - now.instant(), correction_grace);
    return sent.instant() < now.instant() - grace;
}

error stale(std::string_view object, date_time sent, date_time stored)
{
    return error(errc::invalid,
                 "stale: last_updated " + to_string(sent) + " is older than the stored " +
                     to_string(stored) + "; nothing was changed: GET the " + std::string(object) +
                     ", then PUT it",
                 "/last_updated");
}

std::optional<std::string> note_clock_lead(date_time sent, date_time now)
{
    if (sent.instant() - now.instant() <= max_clock_lead) return {};
    return "/last_updated is ahead of our clock, which shows " + to_string(now);
}

}  // namespace ocpi::protocol
