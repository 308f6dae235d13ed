#include "crud/sqlite/last_stop.hpp"

#include "crud/sqlite/wal_file.hpp"
#include "crud/sqlite/wal_index.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace ocpi::crud::sqlite {
namespace {

/// True for a database of ours that is in WAL mode [SQLite database file format, section 1.3].
bool needs_its_log(const std::string& database)
{
    std::array<char, 100> header{};
    std::ifstream file(database, std::ios::binary);
    file.read(header.data(), static_cast<std::streamsize>(header.size()));
    if (file.gcount() != static_cast<std::streamsize>(header.size())) return false;
    const auto byte_at = [&header](std::size_t at) {
        return static_cast<unsigned char>(header[at]);
    };
    constexpr std::size_t read_version = 19;
    constexpr std::size_t user_version = 60;
    int schema = 0;
    for (std::size_t i = 0; i < 4; ++i) schema = schema * 256 + byte_at(user_version + i);
    return byte_at(read_version) == 2 && schema > 0;
}

std::optional<wal_index> find_index(const std::string& database)
{
    std::ifstream file(database + "-shm", std::ios::binary);
    if (!file) return {};
    return read_wal_index(file);
}

std::string lost(std::uint64_t count)
{
    return std::to_string(count) + (count == 1 ? " page" : " pages") +
           " of acknowledged writes are lost";
}

/// A log that lies there alone is given up when a new database is begun in its place.
std::optional<std::string> without_database(const std::string& database)
{
    std::error_code unknown;
    const auto size = std::filesystem::file_size(database + "-wal", unknown);
    if (unknown || size == 0) return {};
    return database + " is missing, though its -wal file is there: a new database is begun";
}

std::string without_log(const std::string& log, const std::optional<wal_index>& index)
{
    if (index) return log + " is missing: " + lost(index->frames - index->frames_copied);
    return log +
           " is missing, though the database was not closed: acknowledged writes may be lost (not "
           "if "
           "another program has closed the file since, or if it is a backup)";
}

}  // namespace

std::optional<std::string> find_lost_writes(const std::string& database)
{
    std::error_code unknown;
    if (!std::filesystem::exists(database, unknown)) return without_database(database);
    if (!needs_its_log(database)) return {};
    // First the index: a log that another process writes to meanwhile only becomes longer.
    const auto index = find_index(database);
    const bool has_all = index && index->frames <= index->frames_copied;
    if (has_all) return {};
    const auto log = database + "-wal";
    std::ifstream file(log, std::ios::binary);
    if (!file) return without_log(log, index);
    const auto found = read_wal(file);
    if (!found.has_header) {
        if (index) return log + " is damaged: " + lost(index->frames - index->frames_copied);
        if (found.is_empty) return {};  // nothing has been written to it yet
        return log + " is damaged: what was written last before the server stopped may be lost";
    }
    if (index && index->salts == found.salts && found.sound_frames < index->frames) {
        const auto kept = std::max<std::uint64_t>(found.sound_frames, index->frames_copied);
        return log + " is damaged or cut short: " + lost(index->frames - kept);
    }
    if (found.commits_beyond > 1) {
        return log + " is damaged: at least " + std::to_string(found.commits_beyond - 1) +
               " transactions of acknowledged writes are lost";
    }
    return {};
}

}  // namespace ocpi::crud::sqlite
