#pragma once

#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_data.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::sessions {

/// The EVSE of a session of that CPO; std::nullopt when it is not known, or cannot be told now.
/// `evses` may be nullptr: then none is.
boost::asio::awaitable<std::optional<evse>> find_evse(std::shared_ptr<evse_directory> evses,
                                                      party owner, const session& fields);

/// Judges the registers of the session by what its EVSE can deliver at most
/// (placeholder_readings.hpp), where that is known: its max_power_kw and a tenth more.
boost::asio::awaitable<void> heed_max_power(std::shared_ptr<evse_directory> evses, party owner,
                                            session_data& seen);

}  // namespace ocpi::sessions
