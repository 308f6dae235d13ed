#pragma once

#include <optional>
#include <string>

namespace ocpi::crud::sqlite {

/// How a database was left, judged by what lies on disk before it is opened. Our stores take a file
/// out of WAL mode when the last of them closes it, with everything in it; so one that is in WAL
/// mode has been left in the midst of work, and needs its -wal file. Tells, in a text for the
/// operator, when acknowledged writes are missing or may be: that file is gone, shorter than its
/// index says, or damaged.
///
/// Not while this process has the database open: closing a file gives up the locks that SQLite
/// holds on it. Takes the time that SQLite takes to read the -wal file.
std::optional<std::string> find_lost_writes(const std::string& database);

}  // namespace ocpi::crud::sqlite
