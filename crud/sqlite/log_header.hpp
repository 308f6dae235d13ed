#pragma once

#include <array>
#include <cstdint>

namespace ocpi::crud::sqlite {

/// The header of the index of a write-ahead log, in shared memory, as SQLite leaves it at each
/// commit of any process and looks at it before each read [SQLite WAL-mode file format, section
/// 2.1]. While it is the same, so is the database.
struct log_header {
    std::array<std::uint32_t, 12> words{};

    /// One more with each transaction.
    std::uint32_t change_count() const noexcept { return words[2]; }

    friend bool operator==(const log_header&, const log_header&) = default;
};

/// `index`: where the index begins. What is read while a transaction is being committed may be
/// a mixture, and is equal to no header before or after.
log_header read_log_header(const volatile void* index) noexcept;

}  // namespace ocpi::crud::sqlite
