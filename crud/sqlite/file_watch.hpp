#pragma once

#include "crud/sqlite/directory_watch.hpp"
#include "crud/sqlite/file_identity.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace ocpi::crud::sqlite {

/// Notices when a file of an open database is removed, moved or replaced. SQLite goes on with the
/// file that it has opened, which nobody will find again: what is written then is lost. Costs a
/// stat() for each of the three files. Safe from any thread.
class file_watch {
public:
    /// The files that lie at the path, its -wal and its -shm now, which are those that have been
    /// opened. `database` is what SQLite calls the file, symbolic links followed.
    explicit file_watch(const std::string& database);

    /// Throws std::runtime_error, with a text for the operator, unless all of them are where they
    /// were. A file that has been moved away and comes back is where it was.
    void require_in_place() const;

    bool are_in_place() const noexcept;
    /// Of the database file alone.
    bool is_database_in_place() const noexcept { return is_in_place(files_[0]); }
    /// As are_in_place(), at a fraction of the cost: what happens in their directory is noticed at
    /// once, what happens to the directories above it within a second.
    bool seem_in_place() const noexcept;

private:
    using clock = std::chrono::steady_clock;

    struct watched {
        std::string path;
        std::optional<file_identity> identity;
    };

    static bool is_in_place(const watched& file) noexcept;

    std::array<watched, 3> files_;
    mutable directory_watch directory_;
    /// So long the last look at the files holds, if their directory is quiet.
    mutable std::atomic<clock::rep> holds_until_ = 0;
    mutable std::mutex looking_;
};

}  // namespace ocpi::crud::sqlite
