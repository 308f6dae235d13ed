#pragma once

#include "crud/postgres/connection.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::crud::postgres {

/// The version of the schema that this build writes.
int latest_schema() noexcept;

/// Brings the database to the latest schema, in one transaction; several processes may start on
/// one database at the same time. Throws std::runtime_error when the database was written by a
/// newer build or may not be changed by this user, and postgres_error.
boost::asio::awaitable<void> migrate(connection& on);

}  // namespace ocpi::crud::postgres
