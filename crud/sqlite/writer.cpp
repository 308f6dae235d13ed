#include "crud/sqlite/writer.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/sqlite_error.hpp"

#include <sqlite3.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Beyond this a commit costs little beside the statements, and the first job waits in vain.
constexpr std::size_t max_jobs_per_commit = 512;

/// A transaction that takes longer waits for a disk that does not answer: longer than the lock of
/// another process is waited for.
constexpr auto max_transaction_time = std::chrono::seconds(15);

/// The log grows to so many times the length from which on it is copied, while the copier works,
/// before the writer waits for it.
constexpr int max_copier_lag = 4;

/// The log begins again by itself only when no read is under way at the moment when all of it has
/// been copied. From so many times that length on the writer waits for the reads, for so long; and
/// when some go on for longer, it tries again at twice the length.
constexpr int long_enough_to_wait = 4;
constexpr auto max_wait_for_reads = std::chrono::milliseconds(100);

/// A log of so many times that length is worth a line in the operator's log.
constexpr int long_log = 16;

/// Once the schema has been read, all files of the database are there. What the log holds goes into
/// the database: its last transaction may be one that could not be brought to the disk, which its
/// process therefore did not acknowledge, but which can be read as long as the machine runs. Were
/// it not copied now, a loss of power would take with it all that follows it in the log.
database& prepare(database& connection)
{
    migrate(connection);
    connection.checkpoint();
    return connection;
}

/// Another process holds the lock; the connection is as sound as before.
bool is_lock_failure(const std::exception& failure) noexcept
{
    const auto* cause = dynamic_cast<const sqlite_error*>(&failure);
    return cause != nullptr && cause->primary_code() == SQLITE_BUSY;
}

}  // namespace

writer::writer(const database_options& options, std::size_t queue_capacity, read_cache& reads,
               logger& log)
    : database_(options),
      files_(prepare(database_).path()),
      reads_(reads),
      checkpoint_pages_(options.checkpoint_pages),
      restart_at_(long_enough_to_wait * options.checkpoint_pages),
      health_(log, "writing to " + options.path),
      checkpoints_(log, "copying the log into " + options.path),
      log_length_(log, "keeping the log of " + options.path + " short"),
      queue_(queue_capacity),
      copier_(options, files_)
{
    reads_.watch(database_.log_index());
    thread_ = std::thread([this] { run(); });
}

writer::~writer()
{
    queue_.close();
    thread_.join();
    reads_.watch(nullptr);
    copier_.wait();
    finish_copying();
    copier_.close_connection();
    close_file();
}

/// Leaving WAL mode takes all that is in the log into the file; it fails while there are other
/// connections, and then one of them is the last.
void writer::close_file() noexcept
{
    try {
        if (files_.are_in_place()) renew_connection();
        if (!database_.is_open()) return;
        database_.set_busy_timeout(std::chrono::milliseconds(0));
        save_log();
        if (files_.is_database_in_place()) database_.execute("PRAGMA journal_mode = DELETE");
    } catch (const std::exception& failure) {
        // All is in the file and its log, as after any other end. A copy that failed is not tried
        // again on these descriptors, but by the next start.
        if (!is_lock_failure(failure)) database_.close_with_log();
    }
}

void writer::run()
{
    while (queue_.wait()) {
        queue_.wait_for(pace_.expected_writes(), pace_.longest_wait());
        write_batch();
    }
}

void writer::write_batch()
{
    std::vector<job_pointer> batch;
    try {
        began_at_ = std::chrono::steady_clock::now().time_since_epoch().count();
        write(batch);
        began_at_ = 0;
    } catch (const std::exception& failure) {
        began_at_ = 0;
        reads_.abandon_changes();
        if (!is_lock_failure(failure)) needs_connection_ = true;
        // No lock, no batch: then all that wait have waited for it.
        if (batch.empty()) batch = queue_.take_all();
        current_.reset();
        fail(batch, failure.what());
        return;
    }
    current_.reset();
    ++commits_;
    health_.worked();
    for (const job_pointer& each : batch) each->complete();
    copy_log_if_due();
}

/// Takes the jobs only once the write lock is held: more of them arrive meanwhile, and the queue
/// stays the bound of what waits.
void writer::write(std::vector<job_pointer>& batch)
{
    save_log();
    files_.require_in_place();
    renew_connection();
    current_.emplace(database_);
    reads_.begin_changes();
    const auto locked_at = std::chrono::steady_clock::now();
    batch = queue_.take(max_jobs_per_commit);
    for (const job_pointer& each : batch) {
        each->run(database_);
        if (!database_.in_transaction()) throw std::runtime_error("SQLite ended the transaction");
    }
    current_->commit();
    reads_.apply(current_->take_changes());
    files_.require_in_place();
    const auto taken = std::chrono::steady_clock::now() - locked_at;
    pace_.committed(batch.size(), taken);
    batch_writes_.add(static_cast<double>(batch.size()));
    commit_seconds_.add(std::chrono::duration<double>(taken).count());
}

bool writer::is_doubtful() const
{
    using clock = std::chrono::steady_clock;
    if (health_.is_failing() || !files_.are_in_place()) return true;
    const auto began_at = began_at_.load();
    return began_at != 0 && clock::now().time_since_epoch() - clock::duration(began_at) >
                                clock::duration(max_transaction_time);
}

void writer::renew_connection()
{
    if (is_copy_lost_) forget_copied_log();
    if (!needs_connection_) return;
    reads_.watch(nullptr);
    database_.reopen();
    files_.require_in_place();
    reads_.watch(database_.log_index());
    needs_connection_ = false;
}

void writer::copy_log_if_due()
{
    if (is_copy_lost_) return;
    if (database_.log_pages() < copied_at_) copied_at_ = 0;
    watch_log_length();
    const int added = database_.log_pages() - copied_at_;
    if (added < checkpoint_pages_) return;
    if (added >= max_copier_lag * checkpoint_pages_) copier_.wait();
    const auto state = copier_.current();
    if (state == log_copier::state::idle) copier_.start();
    if (state == log_copier::state::done) finish_copying();
}

/// The copier leaves little, and only what is copied on this thread is all that there is.
void writer::finish_copying()
{
    if (copier_.current() != log_copier::state::done) return;
    try {
        copier_.finish();
        copied_at_ = database_.log_pages();
        copy_rest();
        checkpoints_.worked();
    } catch (const std::exception& failure) {
        copying_failed(failure);
    }
}

void writer::copy_rest()
{
    if (copied_at_ < restart_at_) return database_.checkpoint();
    reads_.begin_restart();
    const bool begins_again = database_.restart_log(max_wait_for_reads);
    reads_.end_restart();
    restart_at_ = begins_again ? long_enough_to_wait * checkpoint_pages_ : 2 * copied_at_;
}

void writer::copying_failed(const std::exception& failure)
{
    checkpoints_.failed(failure.what());
    needs_connection_ = true;
    const auto* cause = dynamic_cast<const sqlite_error*>(&failure);
    is_copy_lost_ = cause != nullptr && cause->primary_code() == SQLITE_IOERR;
}

/// The log cannot begin again while a transaction reads what it holds. Reads of this store are
/// short.
void writer::watch_log_length()
{
    if (copied_at_ < long_log * checkpoint_pages_) {
        log_length_.worked();
    } else if (database_.log_pages() - copied_at_ >= checkpoint_pages_) {
        log_length_.failed("it has " + std::to_string(database_.log_pages()) +
                           " pages, because another process reads the database in one long "
                           "transaction; it grows until that ends");
    }
}

/// The index of the log says how many pages of it are in the database, and what was copied earlier
/// may be among what the failed fsync has lost. The first connection to a file reads the log from
/// its beginning, and then all of it is copied, as when the store is opened.
void writer::forget_copied_log()
{
    const reader_gate::closure no_readers(readers_);
    reads_.watch(nullptr);
    copier_.close_connection();
    database_.close_with_log();
    needs_connection_ = true;
    database_.reopen();
    database_.checkpoint();
    reads_.watch(database_.log_index());
    needs_connection_ = false;
    is_copy_lost_ = false;
}

/// Once a file is gone, what the log holds goes into the database, which is still open here, before
/// anything else can happen to either; and a log that lies beside another database is empty.
void writer::save_log()
{
    const bool is_in_place = files_.are_in_place();
    const bool is_saved = std::exchange(is_log_saved_, !is_in_place);
    if (!is_in_place && !is_saved && database_.is_open()) {
        copier_.wait();
        database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

void writer::fail(std::vector<job_pointer>& batch, std::string_view cause)
{
    health_.failed(cause);
    const error why = store_unavailable(std::string(cause));
    for (const job_pointer& each : batch) each->fail(why);
}

}  // namespace ocpi::crud::sqlite
