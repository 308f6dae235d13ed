#include "crud/sqlite/job_queue.hpp"

#include "crud/errors.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ocpi::crud::sqlite {

void job_queue::push(job_pointer next)
{
    if (!try_push(next)) next->fail(store_overloaded());
}

bool job_queue::try_push(job_pointer& next)
{
    const std::lock_guard lock(mutex_);
    if (closed_ || jobs_.size() >= capacity_) return false;
    jobs_.push_back(std::move(next));
    // Under the lock: once it is released the job may be done and the queue gone.
    changed_.notify_one();
    return true;
}

bool job_queue::wait()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    return !jobs_.empty();
}

void job_queue::wait_for(std::size_t jobs, std::chrono::steady_clock::duration at_most)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return closed_ || jobs_.size() >= jobs; });
}

std::vector<job_pointer> job_queue::take(std::size_t max_jobs)
{
    const std::lock_guard lock(mutex_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(max_jobs, jobs_.size()));
    const auto end = jobs_.begin() + count;
    std::vector<job_pointer> taken(std::make_move_iterator(jobs_.begin()),
                                   std::make_move_iterator(end));
    jobs_.erase(jobs_.begin(), end);
    return taken;
}

std::size_t job_queue::size() const
{
    const std::lock_guard lock(mutex_);
    return jobs_.size();
}

void job_queue::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
}

}  // namespace ocpi::crud::sqlite
