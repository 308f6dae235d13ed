#include "crud/sqlite/database.hpp"

#include "crud/sqlite/sqlite_error.hpp"
#include "crud/sqlite/statement.hpp"

#include <sqlite3.h>

#include <mutex>
#include <set>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Far above what one server asks; lists over ever new numbers of parties could exceed it.
constexpr std::size_t statement_cache_size = 256;

/// Pages in the write-ahead log, 16 MiB of them, before they are copied into the database. Four
/// times SQLite's default: a page that changes often is copied once for many changes.
constexpr int checkpoint_pages = 4000;

/// The files that the connections of this process are to. A process must not open and close such a
/// file by other means: POSIX would give up its locks.
class open_files {
public:
    void add(const file_identity& file)
    {
        const std::lock_guard lock(mutex_);
        files_.insert(file);
    }
    void remove(const file_identity& file)
    {
        const std::lock_guard lock(mutex_);
        files_.erase(files_.find(file));
    }
    bool contains(const file_identity& file)
    {
        const std::lock_guard lock(mutex_);
        return files_.contains(file);
    }

private:
    std::mutex mutex_;
    std::multiset<file_identity> files_;  // guarded by mutex_
};

open_files& files_of_process()
{
    static open_files files;
    return files;
}

int flags_for(const database_options& options)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (options.is_copy && options.read_only) return flags | SQLITE_OPEN_READONLY;
    flags |= SQLITE_OPEN_READWRITE;
    return options.must_exist ? flags : flags | SQLITE_OPEN_CREATE;
}

}  // namespace

void database::close::operator()(sqlite3* handle) const noexcept
{
    sqlite3_close_v2(handle);
}

database::database(const database_options& options)
{
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(options.path.c_str(), &opened, flags_for(options), nullptr);
    handle_.reset(opened);
    if (opened == nullptr) throw sqlite_error("opening the database", sqlite3_errstr(code), code);
    if (code != SQLITE_OK) fail("opening the database");
    configure(options);
    file_ = identify(path());
    if (file_) files_of_process().add(*file_);
}

database::~database()
{
    statements_.clear();
    handle_.reset();
    if (file_) files_of_process().remove(*file_);
}

std::string database::path() const
{
    const char* name = sqlite3_db_filename(handle(), "main");
    return name != nullptr ? name : "";
}

bool database::is_open_here(const std::string& path)
{
    const auto file = identify(path);
    return file && files_of_process().contains(*file);
}

void database::configure(const database_options& options)
{
    set_busy_timeout(options.busy_timeout);
    if (options.is_copy) {
        execute("PRAGMA synchronous = OFF");
        return;
    }
    {
        query journal(*this, "PRAGMA journal_mode = WAL");
        if (!journal.step() || journal.text(0) != "wal") {
            throw sqlite_error("opening the database",
                               "the file system does not allow a write-ahead log", SQLITE_CANTOPEN);
        }
    }
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA wal_autocheckpoint = " + std::to_string(checkpoint_pages));
    if (options.max_pages > 0) {
        execute("PRAGMA max_page_count = " + std::to_string(options.max_pages));
    }
    if (options.read_only) execute("PRAGMA query_only = ON");
}

void database::set_busy_timeout(std::chrono::milliseconds timeout) noexcept
{
    sqlite3_busy_timeout(handle(), static_cast<int>(timeout.count()));
}

void database::execute(const std::string& sql)
{
    if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail("running " + sql);
    }
}

statement& database::prepared(std::string_view sql)
{
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return *known->second;
    if (statements_.size() >= statement_cache_size) statements_.clear();
    auto made = std::make_unique<statement>(*this, sql);
    return *statements_.emplace(std::string(sql), std::move(made)).first->second;
}

std::int64_t database::changes() const noexcept
{
    return sqlite3_changes64(handle());
}

bool database::in_transaction() const noexcept
{
    return sqlite3_get_autocommit(handle()) == 0;
}

void database::fail(const std::string& doing) const
{
    throw sqlite_error(doing, sqlite3_errmsg(handle()), sqlite3_extended_errcode(handle()));
}

}  // namespace ocpi::crud::sqlite
