#pragma once

#include "application/session_purge.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::app {

/// `2026-01-01`, its midnight UTC, or an OCPI DateTime.
std::optional<date_time> parse_purge_date(std::string_view text);

/// A table: a line for each party and one for all, with the numbers of sessions that are removed,
/// or would be, and of those that are kept.
std::string describe_purge(const purge_summary& summary, const purge_options& options);

/// The numbers so far, for a terminal.
std::string draw_purge_line(const purge_summary& so_far, bool removes);

}  // namespace ocpi::app
