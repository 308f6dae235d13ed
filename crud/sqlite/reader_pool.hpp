#pragma once

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/file_watch.hpp"
#include "crud/health.hpp"
#include "crud/sqlite/read_queue.hpp"
#include "crud/sqlite/reader_gate.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

namespace ocpi::crud::sqlite {

/// Threads that read, each with a connection of its own. A read sees every commit that was made
/// before it began. When SQLite fails, the job fails with errc::storage. The first of several
/// threads is for finds alone; the others prefer lists.
class reader_pool {
public:
    /// Opens the connections to a database with the latest schema; throws std::runtime_error.
    /// `files` and `gate` outlive it: what SQLite would read of files that are gone is not what
    /// others see.
    reader_pool(database_options options, std::size_t threads, std::size_t queue_capacity,
                const file_watch& files, reader_gate& gate, logger& log);
    /// Finishes the jobs that are waiting.
    ~reader_pool();

    /// Thread safe; never waits.
    void push(read_kind kind, job_pointer next) { queue_.push(kind, std::move(next)); }

    // Thread safe, for the operator.

    std::size_t waiting(read_kind kind) const { return queue_.size(kind); }
    std::uint64_t failures() const noexcept { return health_.failures(); }

private:
    void run(database& connection, reader_duty duty);
    void read(database& connection, const read_queue::batch& batch);
    static void find(database& connection, const std::vector<job_pointer>& jobs);

    const file_watch& files_;
    reader_gate& gate_;
    health health_;
    read_queue queue_;
    std::deque<database> connections_;
    std::vector<std::thread> threads_;
};

}  // namespace ocpi::crud::sqlite
