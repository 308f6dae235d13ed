#pragma once

#include <array>
#include <cstdint>
#include <istream>

namespace ocpi::crud::sqlite {

/// Two numbers that a write-ahead log and its index have in common, as they are in the files.
using wal_salts = std::array<unsigned char, 8>;

/// What a write-ahead log holds [SQLite database file format, section 4]. SQLite takes it up to its
/// last frame that is sound, and does not report what it leaves out.
struct wal_contents {
    /// False: the file is empty, or SQLite ignores all of it.
    bool has_header = false;
    bool is_empty = true;
    wal_salts salts{};
    /// Frames, of one page each, that SQLite will read.
    std::uint64_t sound_frames = 0;
    /// Transactions that were completed after the first frame that is not sound. The last one may
    /// have been under way when the power failed; of more than one the others had reached the disk
    /// whole.
    std::uint64_t commits_beyond = 0;
};

/// Reads it from its beginning, a page at a time.
wal_contents read_wal(std::istream& in);

}  // namespace ocpi::crud::sqlite
