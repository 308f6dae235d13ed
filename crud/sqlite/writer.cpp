#include "crud/sqlite/writer.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/sqlite_error.hpp"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Beyond this a commit costs little beside the statements, and the first job waits in vain.
constexpr std::size_t max_jobs_per_commit = 512;

/// Once the schema has been read, all files of the database are there.
database& with_latest_schema(database& connection)
{
    migrate(connection);
    return connection;
}

}  // namespace

writer::writer(const database_options& options, std::size_t queue_capacity, logger& log)
    : database_(options),
      files_(with_latest_schema(database_).path()),
      health_(log, "writing to " + options.path),
      queue_(queue_capacity)
{
    thread_ = std::thread([this] { run(); });
}

writer::~writer()
{
    queue_.close();
    thread_.join();
    close_file();
}

/// Leaving WAL mode takes all that is in the log into the file; it fails while there are other
/// connections, and then one of them is the last.
void writer::close_file()
{
    try {
        database_.set_busy_timeout(std::chrono::milliseconds(0));
        save_log();
        if (files_.is_database_in_place()) database_.execute("PRAGMA journal_mode = DELETE");
    } catch (const sqlite_error&) {
        // All is in the file and its log, as after any other end.
    }
}

void writer::run()
{
    while (queue_.wait()) write_batch();
}

void writer::write_batch()
{
    std::vector<job_pointer> batch;
    try {
        write(batch);
    } catch (const std::exception& failure) {
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
}

/// Takes the jobs only once the write lock is held: more of them arrive meanwhile, and the queue
/// stays the bound of what waits.
void writer::write(std::vector<job_pointer>& batch)
{
    save_log();
    files_.require_in_place();
    current_.emplace(database_);
    batch = queue_.take(max_jobs_per_commit);
    for (const job_pointer& each : batch) {
        each->run(database_);
        if (!database_.in_transaction()) throw std::runtime_error("SQLite ended the transaction");
    }
    current_->commit();
    files_.require_in_place();
}

/// Once a file is gone, what the log holds goes into the database, which is still open here, before
/// anything else can happen to either; and a log that lies beside another database is empty.
void writer::save_log()
{
    const bool is_in_place = files_.are_in_place();
    const bool is_saved = std::exchange(is_log_saved_, !is_in_place);
    if (!is_in_place && !is_saved) database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void writer::fail(std::vector<job_pointer>& batch, std::string_view cause)
{
    health_.failed(cause);
    const error why = store_unavailable(std::string(cause));
    for (const job_pointer& each : batch) each->fail(why);
}

}  // namespace ocpi::crud::sqlite
