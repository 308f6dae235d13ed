#pragma once

#include <cstddef>

/// The allocators of this program, which fail on demand: operator new on the calling thread, and
/// SQLite's allocator on any thread.
namespace ocpi::test {

/// Makes SQLite take its memory from here. Before SQLite is used for the first time.
void install_failing_memory();

/// While this exists, the allocation number `at` (from 1) of the calling thread by operator new
/// throws std::bad_alloc.
class failing_new {
public:
    explicit failing_new(std::size_t at) noexcept;
    ~failing_new();
    failing_new(const failing_new&) = delete;
    failing_new& operator=(const failing_new&) = delete;

    /// True once it has thrown. Until the next one is made it may be asked after the end.
    static bool has_failed() noexcept;
};

/// While this exists, allocation number `at` of SQLite fails, and when it is lasting, all that
/// follow.
class failing_sqlite_memory {
public:
    failing_sqlite_memory(std::size_t at, bool is_lasting) noexcept;
    ~failing_sqlite_memory();
    failing_sqlite_memory(const failing_sqlite_memory&) = delete;
    failing_sqlite_memory& operator=(const failing_sqlite_memory&) = delete;

    static bool has_failed() noexcept;
};

}  // namespace ocpi::test
