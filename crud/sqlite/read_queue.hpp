#pragma once

#include "crud/sqlite/job.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <vector>

namespace ocpi::crud::sqlite {

/// What a read costs: one record, or a page of them.
enum class read_kind { find, list };

/// Which reads a thread takes.
enum class reader_duty {
    finds,        ///< finds only, so that lists can never hold them all up
    lists_first,  ///< finds as well, while no list waits
    in_turn,      ///< of the only thread: a list and a find alternately, while there are both
};

/// Reads on their way from the threads of the coroutines to those of the connections: each kind in
/// order, and lists beside finds as the threads' duties say. Thread safe.
class read_queue {
public:
    /// `capacity` of each kind.
    explicit read_queue(std::size_t capacity) : capacity_(capacity) {}

    /// Never waits: when the queue of its kind is full, the job fails with errc::overloaded.
    void push(read_kind kind, job_pointer next);

    /// Reads that one thread does together. Empty once the queue is closed and there are none.
    struct batch {
        read_kind kind = read_kind::find;
        std::vector<job_pointer> jobs;
    };

    /// Waits for a job that the duty allows. The thread that is for finds takes those that wait.
    batch take(reader_duty duty);

    /// How many jobs of that kind wait.
    std::size_t size(read_kind kind) const;

    /// From now on no job is accepted; those within are still to be taken.
    void close();

private:
    bool try_push(read_kind kind, job_pointer& next);
    void wake_one(read_kind kind);
    batch take_any(reader_duty duty);

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    // All of this is guarded by mutex_.
    std::deque<job_pointer> finds_;
    std::deque<job_pointer> lists_;
    bool closed_ = false;
    bool was_list_ = false;
    /// Threads that take finds only and wait for one.
    std::size_t idle_finders_ = 0;
    std::condition_variable find_came_;  ///< for those
    std::condition_variable any_came_;   ///< for the others
};

}  // namespace ocpi::crud::sqlite
