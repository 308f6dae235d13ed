#pragma once

#include "crud/sqlite/file_identity.hpp"
#include "crud/sqlite/names.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;

namespace ocpi::crud::sqlite {

class statement;

struct database_options {
    std::string path;
    /// How long a statement waits for a lock that another connection or process holds.
    std::chrono::milliseconds busy_timeout{5000};
    /// The size in pages that the file may reach; 0: as far as the disk goes.
    std::int64_t max_pages = 0;
    /// Refuses every change, for connections that only read.
    bool read_only = false;
    /// Fails where there is no file, instead of creating one.
    bool must_exist = false;
    /// A copy that only this connection uses: its journal mode stays as it is, and the caller
    /// brings it to the disk.
    bool is_copy = false;
    /// Pages in the write-ahead log from which on they are to be copied into the database. 16 MiB,
    /// four times SQLite's default: a page that changes often is copied once for many changes.
    int checkpoint_pages = 4000;
    /// The name of a VFS that is registered with SQLite; empty: the operating system's.
    std::string vfs = {};
};

/// A connection to a database file, which is created if it does not exist. Write-ahead log, and
/// a commit is on disk when it returns. Used by one thread at a time. Every member throws
/// sqlite_error when SQLite fails.
class database {
public:
    explicit database(const database_options& options);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    /// Opens the file again and only then closes the connection so far, so that it is never the
    /// file's last one. A file that is missing is not created. When it fails, the connection is as
    /// before, without its prepared statements.
    void reopen();
    /// Closes the connection and leaves the log as it is, even if it is the file's last one. Does
    /// nothing when it is closed already; otherwise reopen() alone may be called next.
    void close_with_log() noexcept;
    bool is_open() const noexcept { return handle_ != nullptr; }

    void set_busy_timeout(std::chrono::milliseconds timeout) noexcept;

    /// Runs one or several statements that return nothing and are not worth keeping prepared.
    void execute(const std::string& sql);

    /// The statement for this text, prepared at its first use. The reference holds until the
    /// next call: the cache is emptied when it has grown large.
    statement& prepared(std::string_view sql);

    names& numbers() noexcept { return numbers_; }

    /// How many rows the last INSERT, UPDATE or DELETE touched.
    std::int64_t changes() const noexcept;

    /// Pages in the log after the last commit of this connection.
    int log_pages() const noexcept { return log_pages_; }
    /// Copies as much of the log into the database as readers allow. The caller must not call it
    /// again on this connection after it has failed: the operating system may have dropped what it
    /// could not write, and then report success.
    void checkpoint();
    /// The same, and lets the log begin again at its start, for which it waits until the reads
    /// under way have ended, so long at most. False: they have not.
    bool restart_log(std::chrono::milliseconds at_most);
    /// Brings what has been written to the database file to the disk. The same holds after a
    /// failure.
    void synchronise();

    /// False outside transactions, also when SQLite ended one on its own after an error.
    bool in_transaction() const noexcept;

    /// The index of the log in shared memory, for read_log_header(): it stays there while this
    /// connection is open. nullptr: unknown.
    const volatile void* log_index() const noexcept;

    /// The file's path, absolute and with symbolic links followed, as SQLite opened it.
    std::string path() const;

    /// True when this process has a connection to the file at the path.
    static bool is_open_here(const std::string& path);

    sqlite3* handle() const noexcept { return handle_.get(); }

    /// Throws the error that SQLite has just reported on this connection.
    [[noreturn]] void fail(const std::string& doing) const;

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept;
    };
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    using handle_pointer = std::unique_ptr<sqlite3, close>;

    handle_pointer open(bool may_create) const;
    void configure();

    const database_options options_;
    int log_pages_ = 0;
    /// Counted among those of the process, after the connection is open.
    std::optional<file_identity> file_;
    handle_pointer handle_;
    std::unordered_map<std::string, std::unique_ptr<statement>, text_hash, std::equal_to<>>
        statements_;
    names numbers_{*this};
};

}  // namespace ocpi::crud::sqlite
