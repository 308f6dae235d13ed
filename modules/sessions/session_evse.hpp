#pragma once

#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/decimal.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace ocpi::sessions {

/// The EVSE of that CPO's session; std::nullopt when unknown or not available now. `evses` may be
/// nullptr: then no EVSE is known.
boost::asio::awaitable<std::optional<evse>> find_evse(std::shared_ptr<evse_directory> evses,
                                                      party owner, const session& fields);

/// The power in kW that the EVSE of that CPO's session cannot exceed: its max_power_kw plus a
/// tenth; std::nullopt when unknown.
boost::asio::awaitable<std::optional<decimal>> find_max_power(std::shared_ptr<evse_directory> evses,
                                                              party owner, const session& fields);

}  // namespace ocpi::sessions
