#pragma once

#include "crud/crud.hpp"
#include "http/call.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::status {

/// The sessions that a list shows, as pages name them.
enum class listed_state : std::uint8_t { all, live, completed, pending, invalid, attention };

/// Maximum characters of `q`.
inline constexpr std::size_t max_search_text = 100;

/// The parameters `?state=&from=&to=&q=&timezone=` of the lists of statuses.
struct status_filter {
    listed_state state = listed_state::all;
    /// Of last_updated, from inclusive, to exclusive.
    std::optional<date_time> from;
    std::optional<date_time> to;
    /// As session_summary.hpp has it.
    std::string text;
    time_zone zone;
    /// std::nullopt: all.
    contract_scope contracts;
};

/// errc::malformed_http (400) naming a parameter that cannot be read or is sent twice. `from` and
/// `to` are instants, or days in the time zone, of which `to` is the last.
result<status_filter> read_status_filter(const http::call& call);

/// What the store is asked for. Which live sessions are stale is told by `now`.
crud::search_filter search_filter_of(const status_filter& filter, date_time now);

/// The day of an instant in that zone, and others so many days away: when they begin.
date_time begin_of_day(const time_zone& zone, date_time instant, int days = 0);

}  // namespace ocpi::status
