#pragma once

#include "crud/postgres/connection.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>

namespace ocpi::crud::postgres {

/// The version of the schema that this build writes.
int latest_schema() noexcept;

/// In place of a version while a copy into the database is not finished (record_copy.hpp): no
/// server opens it.
inline constexpr std::int64_t unfinished_copy_schema = -1;

/// As it is stored; std::nullopt: there is none.
boost::asio::awaitable<std::optional<std::int64_t>> find_schema(connection& on);

/// Throws std::runtime_error unless the schema is one that migrate() would not refuse.
void require_known_schema(std::int64_t present);

/// Makes the table of versions with the one row that is locked by who changes the schema, unless it
/// is there; version 0 is a database without our other tables. Several processes may do so at the
/// same time. Throws as migrate() does.
boost::asio::awaitable<void> make_schema_version(connection& on);

/// Brings the database to the latest schema, in one transaction; several processes may start on
/// one database at the same time. Throws std::runtime_error when the database was written by a
/// newer build, is an unfinished copy, or may not be changed by this user, and postgres_error.
boost::asio::awaitable<void> migrate(connection& on);

}  // namespace ocpi::crud::postgres
