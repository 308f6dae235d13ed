#pragma once

namespace ocpi::crud::postgres {

/// The statements that make the tables in an empty database.
extern const char* const schema;

}  // namespace ocpi::crud::postgres
