#pragma once

#include "crud/postgres/connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace ocpi::crud::postgres {

/// How long operations wait for a connection that was just lost. Without one they fail at once from
/// then on, as they do from the moment an attempt to open it has failed.
inline constexpr std::chrono::seconds max_wait_for_connection{1};

/// Tells the server how to plan the statements that write: their arrays are joined with a table by
/// its key, whatever statistics say of either, and one plan serves all. An engine that does not
/// have such a setting goes without.
boost::asio::awaitable<void> prepare_for_writes(connection& on);

}  // namespace ocpi::crud::postgres
