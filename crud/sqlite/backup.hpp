#pragma once

#include "crud/store_contents.hpp"

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

/// Copies of a database file, made while servers read and write it.
namespace ocpi::crud::sqlite {

using backup_contents = store_contents;

enum class backup_step {
    check,   ///< the file that is read is checked
    read,    ///< all its records are read
    copy,    ///< its pages are copied
    verify,  ///< the copy is checked and read back
};

struct backup_progress {
    backup_step step = backup_step::check;
    /// Records when reading and verifying, else pages. `total` is 0 where it is not known.
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

/// Called at least once for each step, on the calling thread.
using backup_report = std::function<void(const backup_progress&)>;

/// The file is damaged, or no database.
class damaged_database : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Copies the database at that path to a new file, which is one whole database without a log. The
/// copy is of one moment: all is read within one transaction, while other connections go on
/// writing; their log grows by what they write meanwhile. The file appears under its name when its
/// records and its structure have been verified and it is on disk.
///
/// Throws damaged_database, and std::runtime_error with a text for the operator, among others when
/// the file exists.
backup_contents back_up(const std::string& database, const std::string& file,
                        const backup_report& report);

/// The way back: verifies the file and copies it to the path of a new database. Throws as
/// back_up() does, also when a -wal, -shm or -journal file is at the path.
backup_contents restore(const std::string& file, const std::string& database,
                        const backup_report& report);

}  // namespace ocpi::crud::sqlite
