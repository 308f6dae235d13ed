#pragma once

#include <cstdint>
#include <functional>

namespace ocpi::crud::sqlite {

class database;

/// Copies all pages of one database into another one, which is replaced, by SQLite's online backup.
/// `source` is in a read transaction, so that it reads one moment: otherwise each write by another
/// connection would make the copy begin again. `report` gets the pages copied and their number,
/// after each MiB. Throws sqlite_error.
void copy_pages(database& source, database& target,
                const std::function<void(std::uint64_t done, std::uint64_t total)>& report);

}  // namespace ocpi::crud::sqlite
