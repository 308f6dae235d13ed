#pragma once

#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_data.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::sessions {

/// The EVSE of that CPO's session; std::nullopt when unknown or not available now. `evses` may be
/// nullptr: then no EVSE is known.
boost::asio::awaitable<std::optional<evse>> find_evse(std::shared_ptr<evse_directory> evses,
                                                      party owner, const session& fields);

/// Drops register readings of the session beyond its EVSE's max_power_kw plus a tenth
/// (placeholder_readings.hpp), if known.
boost::asio::awaitable<void> apply_max_power(std::shared_ptr<evse_directory> evses, party owner,
                                             session_data& seen);

}  // namespace ocpi::sessions
