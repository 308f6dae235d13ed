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

/// The pages that the writer keeps in memory: those of some ten thousand sessions under way, and of
/// their indexes.
constexpr int writer_cache_kib = 32 * 1024;

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

int flags_for(const database_options& options, bool may_create)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (options.is_copy && options.read_only) return flags | SQLITE_OPEN_READONLY;
    flags |= SQLITE_OPEN_READWRITE;
    return may_create ? flags | SQLITE_OPEN_CREATE : flags;
}

/// SQLite's figures of its memory are behind one lock for all threads, and no one reads them.
void disable_memory_statistics()
{
    static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);
}

}  // namespace

void database::close::operator()(sqlite3* handle) const noexcept
{
    sqlite3_close_v2(handle);
}

database::database(const database_options& options)
    : options_(options), handle_(open(!options.must_exist))
{
    configure();
    file_ = identify(path());
    if (file_) files_of_process().add(*file_);
}

database::handle_pointer database::open(bool may_create) const
{
    disable_memory_statistics();
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(options_.path.c_str(), &opened, flags_for(options_, may_create),
                        options_.vfs.empty() ? nullptr : options_.vfs.c_str());
    handle_pointer made(opened);
    if (code == SQLITE_OK) return made;
    if (opened == nullptr) throw sqlite_error("opening the database", sqlite3_errstr(code), code);
    throw sqlite_error("opening the database", sqlite3_errmsg(opened),
                       sqlite3_extended_errcode(opened));
}

void database::reopen()
{
    statements_.clear();
    auto previous = std::exchange(handle_, open(false));
    try {
        configure();
    } catch (...) {
        handle_ = std::move(previous);
        throw;
    }
}

void database::close_with_log() noexcept
{
    if (!is_open()) return;
    statements_.clear();
    sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    handle_.reset();
}

database::~database()
{
    statements_.clear();
    handle_.reset();
    if (file_) files_of_process().remove(*file_);
}

const volatile void* database::log_index() const noexcept
{
    // As large as SQLite maps it, which has mapped it already.
    constexpr int part_size = 32 * 1024;
    sqlite3_file* file = nullptr;
    const int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code != SQLITE_OK || file == nullptr || file->pMethods == nullptr) return nullptr;
    if (file->pMethods->iVersion < 2) return nullptr;
    volatile void* mapped = nullptr;
    if (file->pMethods->xShmMap(file, 0, part_size, 0, &mapped) != SQLITE_OK) return nullptr;
    return mapped;
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

void database::configure()
{
    set_busy_timeout(options_.busy_timeout);
    if (options_.is_copy) {
        execute("PRAGMA synchronous = OFF");
        return;
    }
    {
        query journal(*this, "PRAGMA journal_mode = WAL");
        if (!journal.step() || journal.text(0) != "wal") {
            throw sqlite_error("opening the database",
                               "the file system does not allow a write-ahead log", SQLITE_CANTOPEN);
        }
        // The row comes before the change of mode is committed, which may fail.
        journal.step();
    }
    execute("PRAGMA synchronous = FULL");
    // In place of SQLite's own checkpoints, which keep their failures to themselves.
    sqlite3_wal_hook(
        handle(),
        [](void* self, sqlite3*, const char*, int pages) {
            static_cast<database*>(self)->log_pages_ = pages;
            return SQLITE_OK;
        },
        this);
    if (options_.max_pages > 0) {
        execute("PRAGMA max_page_count = " + std::to_string(options_.max_pages));
    }
    if (options_.read_only) {
        execute("PRAGMA query_only = ON");
    } else {
        execute("PRAGMA cache_size = -" + std::to_string(writer_cache_kib));
    }
}

void database::checkpoint()
{
    const int code =
        sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return;
    fail("copying the log into the database");
}

bool database::restart_log(std::chrono::milliseconds at_most)
{
    set_busy_timeout(at_most);
    const int code =
        sqlite3_wal_checkpoint_v2(handle(), "main", SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
    set_busy_timeout(options_.busy_timeout);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
        fail("copying the log into the database");
    return code == SQLITE_OK;
}

/// Through SQLite's own descriptor: to close another one would give up the locks of the process.
void database::synchronise()
{
    sqlite3_file* file = nullptr;
    int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (code == SQLITE_OK) code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) {
        throw sqlite_error("bringing the database to the disk", sqlite3_errstr(code), code);
    }
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
