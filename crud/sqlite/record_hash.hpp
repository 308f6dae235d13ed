#pragma once

#include "crud/sqlite/backup.hpp"

#include <cstdint>
#include <functional>

namespace ocpi::crud::sqlite {

class database;

/// Reads all records: their number by module, and their hash, which docs/operations.md defines so
/// that anybody can compute it. `report` is called with the number of records read so far, once
/// every thousand. Of one moment when the caller has a transaction. Throws sqlite_error.
backup_contents read_contents(database& connection,
                              const std::function<void(std::uint64_t)>& report);

}  // namespace ocpi::crud::sqlite
