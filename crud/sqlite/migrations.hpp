#pragma once

namespace ocpi::crud::sqlite {

class database;

/// The version of the schema that this build writes.
int latest_schema() noexcept;

/// Brings the database to the latest schema, in one transaction; several processes may start on
/// one file at the same time. Throws std::runtime_error when the database was written by a newer
/// build, and sqlite_error.
void migrate(database& connection);

/// Throws std::runtime_error unless this build can read the records of the database as it is:
/// migrate() would not refuse it, and it is not empty.
void require_known_schema(database& connection);

}  // namespace ocpi::crud::sqlite
