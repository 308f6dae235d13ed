#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace ocpi {

/// The coroutines that run in the background for an owner between its start() and its stop(), all
/// on one strand, where they interleave wherever they wait. The tasks alone keep what they use
/// alive: the owner's destructor asks them to stop and does not wait, and the executor's context
/// may end first and takes them along. Safe from any thread.
class task_scope {
public:
    /// One run of a scope, from start() until the last of its tasks has ended.
    class tasks;
    /// Called with what a task throws, on the strand.
    using failure_handler = std::function<void(const std::exception&)>;

    /// Without a handler exceptions are dropped.
    explicit task_scope(failure_handler on_failure = {}) : on_failure_(std::move(on_failure)) {}
    /// The same as cancel().
    ~task_scope() { cancel(); }
    task_scope(const task_scope&) = delete;
    task_scope& operator=(const task_scope&) = delete;

    /// Calls `spawn_first`, which spawns the first tasks. False, with no effect, while tasks of an
    /// earlier start run that no join() has given up. `kept`, if there is one, lives as long as any
    /// task of this run.
    bool start(boost::asio::any_io_executor executor,
               const std::function<void(tasks&)>& spawn_first,
               std::shared_ptr<const void> kept = nullptr);

    /// The current run; nullptr while nothing runs. Not to be kept: it belongs to the tasks.
    std::shared_ptr<tasks> current() const;

    /// Asks all tasks to stop: requests their stop_token, which wakes those that wait for an
    /// async_event or pause with it.
    void cancel() noexcept;

    /// Resumes when all tasks have ended, at once when none runs. With a grace period it resumes
    /// after that time at the latest: false when tasks still run then. They are left to themselves
    /// and start() works again.
    boost::asio::awaitable<bool> join(
        std::optional<std::chrono::steady_clock::duration> grace = std::nullopt);

    /// cancel() and join().
    boost::asio::awaitable<void> stop();

private:
    const failure_handler on_failure_;
    mutable std::mutex mutex_;
    std::weak_ptr<tasks> current_;  // guarded by mutex_
};

/// Safe from any thread.
class task_scope::tasks : public std::enable_shared_from_this<tasks> {
public:
    using strand = boost::asio::strand<boost::asio::any_io_executor>;

    tasks(boost::asio::any_io_executor executor, failure_handler on_failure,
          std::shared_ptr<const void> kept);
    ~tasks();
    tasks(const tasks&) = delete;
    tasks& operator=(const tasks&) = delete;

    const strand& executor() const noexcept { return strand_; }
    std::stop_token stop_token() const noexcept { return stop_.get_token(); }
    bool is_stopping() const noexcept { return stop_.stop_requested(); }
    void cancel() noexcept { stop_.request_stop(); }

    /// Starts another task on the strand. Drops it without starting it once the scope is
    /// cancelled or its last task has ended.
    void spawn(boost::asio::awaitable<void> task);

    /// The same for a task that does not check a stop_token while it works: it is ended at its
    /// next step by an Asio cancellation (terminal) once `end` or this scope's stop is requested.
    /// What it throws from then on is dropped.
    void spawn(boost::asio::awaitable<void> task, std::stop_token end);

private:
    friend class task_scope;

    /// False when it is too late for another task.
    bool begin_task();
    void end_task(const std::exception_ptr& thrown);
    void report(const std::exception_ptr& thrown) const;
    /// Its stop is requested when the last task has ended.
    std::stop_token ended() const noexcept { return ended_.get_token(); }

    const std::shared_ptr<const void> kept_;
    const failure_handler on_failure_;
    const strand strand_;
    std::stop_source stop_;
    std::stop_source ended_;
    std::mutex mutex_;
    /// And one while the first tasks are spawned.
    std::size_t running_ = 1;  // guarded by mutex_
    bool is_over_ = false;     // guarded by mutex_
};

}  // namespace ocpi
