#pragma once

#include "crud/commit_pace.hpp"
#include "crud/health.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/file_watch.hpp"
#include "crud/sqlite/job_queue.hpp"
#include "crud/sqlite/log_copier.hpp"
#include "crud/sqlite/read_cache.hpp"
#include "crud/sqlite/reader_gate.hpp"
#include "crud/sqlite/write_transaction.hpp"
#include "ocpi/base/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>
#include <thread>

namespace ocpi::crud::sqlite {

/// The one thread that changes the database. Whatever is waiting when it is free shares a
/// transaction, so that many writes share the cost of reaching the disk; a job is completed only
/// after the commit, and only if the files are still where they were. When SQLite fails, the whole
/// batch is rolled back and fails with errc::storage, and the next batch is tried on a connection
/// that is opened for it: what the operating system could not write it may report as written when
/// the same descriptor is synchronised again.
///
/// When the log has become long, its copier copies it into the database, and then the writer the
/// rest that was added meanwhile. The log then begins again, if nobody happens to read from it. The
/// writer waits for the copier, and for reads, only when the log has become several times as long.
class writer {
public:
    /// Opens the connection and brings the schema up to date; throws std::runtime_error.
    /// `reads` outlives it, and is kept up to date.
    writer(const database_options& options, std::size_t queue_capacity, read_cache& reads,
           logger& log);
    /// Finishes the jobs that are waiting, and if this is the last connection to the file, of any
    /// process, leaves all in the one file, without a log beside it (last_stop.hpp).
    ~writer();

    const file_watch& files() const noexcept { return files_; }
    /// For the readers of the same store.
    reader_gate& readers() noexcept { return readers_; }

    /// Thread safe; never waits.
    void push(job_pointer next) { queue_.push(std::move(next)); }

    /// The transaction in which the jobs run; for these only.
    write_transaction& current() noexcept { return *current_; }

    /// How many transactions have been committed. Thread safe.
    std::uint64_t commits() const noexcept { return commits_.load(); }

    // Thread safe, for the operator.

    /// The last transaction has failed, the files are gone, or a transaction takes very long.
    bool is_doubtful() const;
    std::size_t waiting() const { return queue_.size(); }
    std::uint64_t failures() const noexcept { return health_.failures(); }
    std::uint64_t failed_checkpoints() const noexcept { return checkpoints_.failures(); }
    histogram_counts batch_writes() const { return batch_writes_.read(); }
    histogram_counts commit_seconds() const { return commit_seconds_.read(); }

private:
    void run();
    void write_batch();
    void write(std::vector<job_pointer>& batch);
    void renew_connection();
    void copy_log_if_due();
    void finish_copying();
    void copy_rest();
    void copying_failed(const std::exception& failure);
    void watch_log_length();
    void forget_copied_log();
    void fail(std::vector<job_pointer>& batch, std::string_view cause);
    void save_log();
    void close_file() noexcept;

    database database_;
    std::optional<write_transaction> current_;
    const file_watch files_;
    read_cache& reads_;
    reader_gate readers_;
    bool is_log_saved_ = false;
    /// The last batch has failed on this connection, or all connections are closed.
    bool needs_connection_ = false;
    /// What a checkpoint has copied into the database may not be on disk.
    bool is_copy_lost_ = false;
    const int checkpoint_pages_;
    /// The length of the log, in pages, when it was copied last; 0: it has begun again since.
    int copied_at_ = 0;
    /// The length from which on the writer waits for reads, so that it can begin again.
    int restart_at_;
    health health_;
    health checkpoints_;
    health log_length_;
    job_queue queue_;
    commit_pace pace_;
    std::atomic<std::uint64_t> commits_ = 0;
    histogram batch_writes_{{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}};
    histogram commit_seconds_{
        {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
    /// Begin of the transaction under way, as the count of steady_clock; 0: there is none.
    std::atomic<std::chrono::steady_clock::rep> began_at_ = 0;
    log_copier copier_;
    /// Last: it uses all of the above.
    std::thread thread_;
};

}  // namespace ocpi::crud::sqlite
