#pragma once

#include "crud/record_copy.hpp"

#include <memory>
#include <string>

/// SQLite files as ends of crud::copy_records().
namespace ocpi::crud::sqlite {

/// Opens the database file at the path, which it keeps locked and leaves as it is. Throws
/// damaged_database, and std::runtime_error when a server has it open.
std::unique_ptr<record_source> open_record_source(const std::string& path);

/// A new file. It is written as PATH.migrating, which stays when the copy is interrupted and is
/// resumed by the next one, and gets its name at the end.
std::unique_ptr<record_sink> open_record_sink(const std::string& path);

}  // namespace ocpi::crud::sqlite
