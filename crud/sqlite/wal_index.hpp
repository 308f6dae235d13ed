#pragma once

#include "crud/sqlite/wal_file.hpp"

#include <cstdint>
#include <istream>
#include <optional>

namespace ocpi::crud::sqlite {

/// What the index of a write-ahead log, the -shm file, says of the log [SQLite WAL-mode file
/// format, section 2]. It is shared memory: it outlives the process, and is of no use after the
/// machine has stopped.
struct wal_index {
    wal_salts salts{};
    /// Frames of the log that belong to completed transactions.
    std::uint32_t frames = 0;
    /// How many of them the database file has got.
    std::uint32_t frames_copied = 0;
};

/// std::nullopt when the file is none, or was left while it was being changed.
std::optional<wal_index> read_wal_index(std::istream& in);

}  // namespace ocpi::crud::sqlite
