#pragma once

#include "modules/sessions/session_reader.hpp"
#include "modules/status/status_filter.hpp"
#include "modules/status/status_source.hpp"
#include "ocpi/base/decimal.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::status {

/// How many sessions are priced one by one for a total. The total_cost of the CPOs is summed for
/// more.
inline constexpr std::uint64_t max_priced_for_total = 200;

/// What the sessions of a filter add up to.
struct session_totals {
    std::uint64_t sessions = 0;
    decimal kwh;
    /// By currency; an amount whose currency is not known has an empty one.
    std::map<std::string, decimal> costs;
};

/// Of all sessions that the caller may see, and totals of those that pass the filter.
/// std::nullopt: too many to be summed.
struct session_statistics {
    /// Begun on this day in the filter's time zone; PENDING and INVALID ones do not count.
    std::optional<std::uint64_t> sessions_today;
    /// IN_PROGRESS and live.
    std::optional<std::uint64_t> active_now;
    /// Of those begun on this day and the six before it.
    std::optional<std::uint64_t> sessions_last_7_days;
    std::optional<decimal> kwh_last_7_days;
    std::optional<session_totals> totals;
    /// Sentences for people.
    std::vector<std::string> notes;
};

boost::asio::awaitable<result<session_statistics>> make_statistics(
    const sessions::session_reader& sessions, status_source& source, const status_filter& filter);

/// `{"sessionsToday","activeNow","kwhLast7Days","meanKwhLast7Days",
/// "totals":{"sessions","kwh","costs"},"notes"}`, without notes when there are none.
std::string write_json(const session_statistics& shown);

}  // namespace ocpi::status
