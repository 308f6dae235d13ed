#pragma once

#include "modules/sessions/session_reader.hpp"
#include "modules/status/session_counts.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::status {

/// Counts the sessions under way; `sessions` must outlive the call.
boost::asio::awaitable<result<session_counts>> count_sessions(
    const sessions::session_reader& sessions, date_time now);

}  // namespace ocpi::status
