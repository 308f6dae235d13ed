#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/record_copy.hpp"

#include <memory>

/// PostgreSQL databases as ends of crud::copy_records().
namespace ocpi::crud::postgres {

/// Throws std::runtime_error when the database is not one of ocpi-sessions, or when a server works
/// on it.
std::unique_ptr<record_source> open_record_source(connection_options options);

/// An empty database, or one that an interrupted copy of the same source has left; one of another
/// source is refused. Each transaction checks that the copy is still this sink's. Until the copy is
/// finished the database has the schema unfinished_copy_schema, which no server opens.
std::unique_ptr<record_sink> open_record_sink(connection_options options);

}  // namespace ocpi::crud::postgres
