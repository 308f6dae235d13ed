#include "crud/sqlite/backup.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/file_watch.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/of_file.hpp"
#include "crud/sqlite/page_copy.hpp"
#include "crud/sqlite/partial_file.hpp"
#include "crud/sqlite/record_hash.hpp"
#include "crud/sqlite/sqlite_error.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

namespace ocpi::crud::sqlite {
namespace {

void require_schema(database& connection, const std::string& path)
{
    try {
        require_known_schema(connection);
    } catch (const sqlite_error&) {
        throw;
    } catch (const std::runtime_error& failure) {
        throw std::runtime_error(path + ": " + failure.what());
    }
}

void require_access(const std::string& path, int mode)
{
    if (::access(path.c_str(), mode) == 0) {
        if (!std::filesystem::is_directory(path)) return;
        throw std::runtime_error(path + " is a directory");
    }
    const int cause = errno;
    if (cause == ENOENT) throw std::runtime_error("there is no file " + path);
    throw std::runtime_error("cannot open " + path + ": " + std::generic_category().message(cause));
}

/// Before SQLite opens it, which would change the journal mode of a database that is not ours. Not
/// of a file that this process has open: closing it would give up SQLite's locks.
void require_database(const std::string& path)
{
    if (database::is_open_here(path)) return;
    std::array<char, 100> header{};
    std::ifstream file(path, std::ios::binary);
    file.read(header.data(), static_cast<std::streamsize>(header.size()));
    const std::string_view magic("SQLite format 3\0", 16);
    const std::string_view start(header.data(), static_cast<std::size_t>(file.gcount()));
    if (start.size() < header.size() || !start.starts_with(magic)) {
        throw damaged_database(path + " is no SQLite database");
    }
    const bool has_log = std::filesystem::exists(path + "-wal");
    const auto schema = start.substr(60, 4);
    if (!has_log && schema.find_first_not_of('\0') == std::string_view::npos) {
        throw std::runtime_error(path + ": it is no database of ocpi-sessions");
    }
}

void check_structure(database& connection, const std::string& path)
{
    query checking(connection, "PRAGMA integrity_check(1)");
    const bool is_sound = checking.step() && checking.text_in_place(0) == "ok";
    if (!is_sound) throw damaged_database(path + " is damaged: " + checking.text(0));
}

std::function<void(std::uint64_t)> counting(backup_step step, std::uint64_t total,
                                            const backup_report& report)
{
    report({step, 0, total});
    return [step, total, &report](std::uint64_t done) { report({step, done, total}); };
}

/// Reads the copy back. It becomes one file that needs no log.
void verify_copy(const std::string& path, const backup_contents& expected,
                 const backup_report& report)
{
    database_options options;
    options.path = path;
    options.must_exist = true;
    options.is_copy = true;
    database copy(options);
    copy.execute("PRAGMA locking_mode = EXCLUSIVE");
    copy.execute("PRAGMA journal_mode = DELETE");
    const auto count = counting(backup_step::verify, expected.records, report);
    check_structure(copy, path);
    if (read_contents(copy, count) != expected) {
        throw damaged_database(path + " differs from what was copied");
    }
}

/// Whether a copy has failed by what it reads, not by what it writes.
bool is_of_source(const sqlite_error& failure)
{
    const int code = failure.code();
    const int primary = failure.primary_code();
    return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || code == SQLITE_IOERR_READ ||
           code == SQLITE_IOERR_SHORT_READ;
}

void copy_to(database& source, partial_file& target, const backup_report& report)
{
    database_options options;
    options.path = target.path();
    options.must_exist = true;
    options.is_copy = true;
    try {
        database copy(options);
        copy.execute("PRAGMA journal_mode = MEMORY");
        copy_pages(source, copy, [&](std::uint64_t done, std::uint64_t total) {
            report({backup_step::copy, done, total});
        });
    } catch (const sqlite_error& failure) {
        if (is_of_source(failure)) throw;
        fail_at(target.path(), failure);
    }
}

/// As the store does: the last connection leaves a file without a log, with all that is in it.
void close_log(database& connection, const file_watch& files)
{
    try {
        connection.set_busy_timeout(std::chrono::milliseconds(0));
        if (!files.is_database_in_place()) return;
        connection.execute("PRAGMA query_only = OFF");
        connection.execute("PRAGMA journal_mode = DELETE");
    } catch (const sqlite_error& failure) {
        // Busy: a server has it open. After any other failure the log is left as it is, for the
        // next start.
        if (failure.primary_code() != SQLITE_BUSY) connection.close_with_log();
    }
}

}  // namespace

backup_contents back_up(const std::string& path, const std::string& file,
                        const backup_report& report)
{
    require_access(path, R_OK | W_OK);
    require_database(path);
    partial_file target(file);
    database_options options;
    options.path = path;
    options.read_only = true;
    options.must_exist = true;
    const auto copying = [&] {
        database source(options);
        const file_watch files(source.path());
        backup_contents contents;
        {
            transaction snapshot(source, transaction::kind::read);
            require_schema(source, path);
            contents = read_contents(source, counting(backup_step::read, 0, report));
            copy_to(source, target, report);
        }
        close_log(source, files);
        return contents;
    };
    const auto contents = of_file(path, copying);
    of_file(target.path(), [&] { verify_copy(target.path(), contents, report); });
    target.publish();
    return contents;
}

backup_contents restore(const std::string& file, const std::string& path,
                        const backup_report& report)
{
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) require_absent(path + suffix);
    require_access(file, R_OK);
    require_database(file);
    database_options options;
    options.path = file;
    options.read_only = true;
    options.is_copy = true;
    std::optional<partial_file> target;
    const auto copying = [&] {
        database source(options);
        transaction snapshot(source, transaction::kind::read);
        require_schema(source, file);
        report({backup_step::check, 0, 0});
        check_structure(source, file);
        auto contents = read_contents(source, counting(backup_step::read, 0, report));
        target.emplace(path);
        copy_to(source, *target, report);
        return contents;
    };
    const auto contents = of_file(file, copying);
    of_file(target->path(), [&] { verify_copy(target->path(), contents, report); });
    target->publish();
    return contents;
}

}  // namespace ocpi::crud::sqlite
