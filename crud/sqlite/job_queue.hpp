#pragma once

#include "crud/sqlite/job.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <limits>
#include <mutex>
#include <vector>

namespace ocpi::crud::sqlite {

/// Jobs on their way from the threads of the coroutines to those of the connections, in order.
/// Thread safe.
class job_queue {
public:
    explicit job_queue(std::size_t capacity) : capacity_(capacity) {}

    /// Never waits: when the queue is full, the job fails with errc::overloaded.
    void push(job_pointer next);

    /// Waits for a job; false once the queue is closed and has run empty.
    bool wait();

    /// Waits until so many jobs wait, the queue is closed, or so much time has gone by.
    void wait_for(std::size_t jobs, std::chrono::steady_clock::duration at_most);

    /// Takes the oldest jobs, as many as there are up to `most`, without waiting.
    std::vector<job_pointer> take(std::size_t max_jobs);
    std::vector<job_pointer> take_all() { return take(std::numeric_limits<std::size_t>::max()); }

    /// How many jobs wait.
    std::size_t size() const;

    /// From now on no job is accepted; those within are still to be taken.
    void close();

private:
    bool try_push(job_pointer& next);

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<job_pointer> jobs_;
    bool closed_ = false;
};

}  // namespace ocpi::crud::sqlite
