#include "crud/store_watch.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

namespace ocpi::crud {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

steady::duration next_pause(const watch_state& state, const watch_options& options)
{
    const int factor = state.is_waited_for ? options.min_rest_waited_for : options.min_rest;
    const auto rest = std::min<steady::duration>(state.took * factor, options.max_rest);
    const auto chosen = [&]() -> steady::duration {
        if (state.has_failed) return options.failure_interval;
        const bool is_active = state.since_change && *state.since_change < options.active_for;
        return state.is_waited_for || is_active ? options.short_interval : options.long_interval;
    };
    return std::max(chosen(), rest);
}

/// What the task uses; outlives the watch while it runs.
class store_watch::impl {
public:
    impl(std::shared_ptr<Crud> crud, std::shared_ptr<logger> log, watch_options options)
        : crud_(std::move(crud)),
          log_(log ? std::move(log) : std::make_shared<silent_logger>()),
          options_(std::move(options))
    {
        if (!crud_) throw std::invalid_argument("a store watch needs a Crud");
    }

    void add(std::weak_ptr<store_listener> listener)
    {
        const std::lock_guard lock(mutex_);
        listeners_.push_back(std::move(listener));
    }

    void report(revision at) noexcept
    {
        auto known = latest_.load();
        while (known < at && !latest_.compare_exchange_weak(known, at)) {
        }
        if (known >= at) return;
        for (std::size_t i = 0; const auto listener = find_listener(i); ++i) {
            if (*listener) (*listener)->on_store_revision(at);
        }
    }

    void look_now() noexcept { wake_.notify(); }
    revision latest() const noexcept { return latest_.load(); }

    asio::awaitable<void> run(std::stop_token stop)
    {
        std::optional<steady::time_point> changed_at;
        auto known = latest();
        watch_state state;
        while (!stop.stop_requested()) {
            const auto asked_at = steady::now();
            state.has_failed = !co_await ask(stop);
            const auto now = steady::now();
            state.took = now - asked_at;
            if (std::exchange(known, latest()) != latest()) changed_at = now;
            state.since_change.reset();
            if (changed_at) state.since_change = now - *changed_at;
            state.is_waited_for = is_waited_for();
            const auto pause = next_pause(state, options_);
            co_await options_.wait(wake_, pause, stop);
        }
    }

    void log_bug(const std::exception& bug) const
    {
        log_->write(log_level::error, std::string("store watch: ") + bug.what());
    }

private:
    /// std::nullopt when there are no more; nullptr for one that is gone.
    std::optional<std::shared_ptr<store_listener>> find_listener(std::size_t number) const noexcept
    {
        const std::lock_guard lock(mutex_);
        if (number >= listeners_.size()) return std::nullopt;
        return listeners_[number].lock();
    }

    bool is_waited_for() const noexcept
    {
        for (std::size_t i = 0; const auto listener = find_listener(i); ++i) {
            if (*listener && (*listener)->is_waited_for()) return true;
        }
        return false;
    }

    asio::awaitable<bool> ask(std::stop_token stop)
    {
        std::string failure;
        try {
            const auto found = co_await crud_->find_latest_revision();
            if (stop.stop_requested()) co_return true;
            if (found.has_value()) {
                has_failed_ = false;
                report(*found);
                co_return true;
            }
            failure = found.error().text();
        } catch (const std::exception& bug) {
            failure = bug.what();
        }
        if (!std::exchange(has_failed_, true)) {
            log_->write(log_level::warning,
                        "changes of other processes cannot be read at present: " + failure);
        }
        co_return false;
    }

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<logger> log_;
    const watch_options options_;
    async_event wake_;
    std::atomic<revision> latest_ = 0;
    /// Used by run() only. A failure is logged once, until the store answers again.
    bool has_failed_ = false;
    mutable std::mutex mutex_;
    std::vector<std::weak_ptr<store_listener>> listeners_;  // guarded by mutex_
};

store_watch::store_watch(std::shared_ptr<Crud> crud, std::shared_ptr<logger> log,
                         watch_options options)
    : impl_(std::make_shared<impl>(std::move(crud), std::move(log), std::move(options))),
      tasks_([kept = impl_](const std::exception& bug) { kept->log_bug(bug); })
{
}

store_watch::~store_watch() = default;

void store_watch::add(std::weak_ptr<store_listener> listener)
{
    impl_->add(std::move(listener));
}

void store_watch::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(impl_->run(run.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first, impl_);
}

asio::awaitable<void> store_watch::stop()
{
    return tasks_.stop();
}

void store_watch::written(revision at) noexcept
{
    impl_->report(at);
}

void store_watch::look_now() noexcept
{
    impl_->look_now();
}

revision store_watch::latest() const noexcept
{
    return impl_->latest();
}

}  // namespace ocpi::crud
