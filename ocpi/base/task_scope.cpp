#include "ocpi/base/task_scope.hpp"

#include "ocpi/base/async_event.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace ocpi {

namespace asio = boost::asio;

namespace {

/// Ends one task by an Asio cancellation, on its strand, when either of two stops is requested.
class cancellation : public std::enable_shared_from_this<cancellation> {
public:
    cancellation(const task_scope::tasks::strand& strand, std::stop_token end, std::stop_token stop)
        : strand_(strand), end_(std::move(end)), stop_(std::move(stop))
    {
    }

    /// Once, when the task has been given its slot.
    void watch()
    {
        const request own{weak_from_this()};
        on_end_.emplace(end_, own);
        on_stop_.emplace(stop_, own);
    }

    asio::cancellation_slot slot() { return signal_.slot(); }
    bool is_requested() const { return end_.stop_requested() || stop_.stop_requested(); }

private:
    struct request {
        std::weak_ptr<cancellation> of;

        void operator()() const
        {
            const auto self = of.lock();
            if (!self) return;
            asio::post(self->strand_,
                       [self] { self->signal_.emit(asio::cancellation_type::terminal); });
        }
    };

    const task_scope::tasks::strand strand_;
    asio::cancellation_signal signal_;
    const std::stop_token end_;
    const std::stop_token stop_;
    std::optional<std::stop_callback<request>> on_end_;
    std::optional<std::stop_callback<request>> on_stop_;
};

}  // namespace

task_scope::tasks::tasks(asio::any_io_executor executor, failure_handler on_failure,
                         std::shared_ptr<const void> kept)
    : kept_(std::move(kept)),
      on_failure_(std::move(on_failure)),
      strand_(asio::make_strand(std::move(executor)))
{
}

/// The context has ended before the tasks: wakes those waiting for them elsewhere.
task_scope::tasks::~tasks()
{
    ended_.request_stop();
}

bool task_scope::tasks::begin_task()
{
    const std::lock_guard lock(mutex_);
    if (is_over_ || is_stopping()) return false;
    ++running_;
    return true;
}

void task_scope::tasks::spawn(asio::awaitable<void> task)
{
    if (!begin_task()) return;
    asio::co_spawn(
        strand_, std::move(task),
        [self = shared_from_this()](const std::exception_ptr& thrown) { self->end_task(thrown); });
}

void task_scope::tasks::spawn(asio::awaitable<void> task, std::stop_token end)
{
    if (!begin_task()) return;
    const auto owner = std::make_shared<cancellation>(strand_, std::move(end), stop_token());
    auto on_end = [self = shared_from_this(), owner](const std::exception_ptr& thrown) {
        self->end_task(owner->is_requested() ? nullptr : thrown);
    };
    asio::co_spawn(strand_, std::move(task),
                   asio::bind_cancellation_slot(owner->slot(),
                                                asio::bind_executor(strand_, std::move(on_end))));
    owner->watch();
}

void task_scope::tasks::end_task(const std::exception_ptr& thrown)
{
    if (thrown && on_failure_) report(thrown);
    {
        const std::lock_guard lock(mutex_);
        if (--running_ > 0) return;
        is_over_ = true;
    }
    ended_.request_stop();
}

void task_scope::tasks::report(const std::exception_ptr& thrown) const
{
    try {
        std::rethrow_exception(thrown);
    } catch (const std::exception& failure) {
        on_failure_(failure);
    }
}

bool task_scope::start(asio::any_io_executor executor,
                       const std::function<void(tasks&)>& spawn_first,
                       std::shared_ptr<const void> kept)
{
    const auto started = std::make_shared<tasks>(std::move(executor), on_failure_, std::move(kept));
    {
        const std::lock_guard lock(mutex_);
        const auto earlier = current_.lock();
        if (earlier && !earlier->ended().stop_requested()) return false;
        current_ = started;
    }
    // On a thread of the context tasks begin at once, and may ask for current().
    spawn_first(*started);
    started->end_task(nullptr);
    return true;
}

std::shared_ptr<task_scope::tasks> task_scope::current() const
{
    const std::lock_guard lock(mutex_);
    return current_.lock();
}

void task_scope::cancel() noexcept
{
    if (const auto running = current()) running->cancel();
}

asio::awaitable<bool> task_scope::join(std::optional<std::chrono::steady_clock::duration> grace)
{
    // Not the tasks themselves: this coroutine may be of another context, which outlives theirs.
    std::weak_ptr<tasks> joined = current();
    std::stop_token ended;
    if (const auto running = joined.lock()) ended = running->ended();
    if (!ended.stop_possible()) co_return true;
    async_event never;
    if (grace) {
        co_await never.wait_for(*grace, ended);
    } else {
        co_await never.wait(ended);
    }
    const std::lock_guard lock(mutex_);
    const bool is_another = current_.owner_before(joined) || joined.owner_before(current_);
    if (!is_another) current_.reset();
    co_return ended.stop_requested();
}

asio::awaitable<void> task_scope::stop()
{
    cancel();
    co_await join();
}

}  // namespace ocpi
