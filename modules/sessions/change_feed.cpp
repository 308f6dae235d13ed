#include "modules/sessions/change_feed.hpp"

#include "modules/sessions/session_reader.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "ocpi/base/pause.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <utility>

namespace ocpi::sessions {

namespace asio = boost::asio;
using steady = std::chrono::steady_clock;

foreign_change::foreign_change(const crud::record& changed)
    : key(changed.document.key),
      revision(changed.revision),
      emsp(changed.document.emsp),
      contract(changed.document.contract),
      has_settled(is_settled_rank(changed.document.sort_key))
{
}

/// What the task uses; outlives the feed while it runs.
class change_feed::impl {
public:
    impl(std::shared_ptr<Crud> crud, std::shared_ptr<crud::store_watch> watch,
         change_listeners listeners, std::shared_ptr<logger> log, feed_options options)
        : crud_(std::move(crud)),
          sessions_(crud_),
          watch_(std::move(watch)),
          listeners_(std::move(listeners)),
          log_(log ? std::move(log) : std::make_shared<silent_logger>()),
          options_(options)
    {
        if (!crud_ || !watch_)
            throw std::invalid_argument("a change feed needs a Crud and a watch");
    }

    /// A write of this process.
    void written(crud::revision at) noexcept
    {
        if (is_wanted_) remember_own(at);
        watch_->written(at);
    }

    void reached(crud::revision at) noexcept
    {
        auto known = reached_.load();
        while (known < at && !reached_.compare_exchange_weak(known, at)) {
        }
        wake_.notify();
    }

    asio::awaitable<void> run(std::stop_token stop)
    {
        bool is_begun = false;
        while (!stop.stop_requested()) {
            const auto began = steady::now();
            if (is_begun) {
                co_await read(stop);
            } else {
                is_begun = co_await begin();
            }
            const auto rest = std::min<steady::duration>(
                (steady::now() - began) * options_.min_rest, options_.max_rest);
            const auto pause = std::max<steady::duration>(options_.min_pause, rest);
            co_await stoppable_pause(pause, stop);
            if (is_begun) co_await wake_.wait(stop);
        }
        is_wanted_ = false;
        const std::lock_guard lock(mutex_);
        own_.clear();
    }

    void log_bug(const std::exception& bug) const
    {
        log_->write(log_level::error, std::string("change feed: ") + bug.what());
    }

private:
    void remember_own(crud::revision at) noexcept
    {
        try {
            const std::lock_guard lock(mutex_);
            if (own_.size() < options_.max_own) own_.insert(at);
        } catch (const std::bad_alloc&) {
            // It is reported as if another process had written it.
        }
    }

    bool is_own(crud::revision at) const
    {
        const std::lock_guard lock(mutex_);
        return own_.contains(at);
    }

    /// True when this process has made all changes after `passed_` up to that one.
    bool are_all_own(crud::revision up_to) const
    {
        const std::lock_guard lock(mutex_);
        const auto first = own_.upper_bound(passed_);
        const auto end = own_.upper_bound(up_to);
        return std::distance(first, end) == static_cast<std::ptrdiff_t>(up_to - passed_);
    }

    /// Everything up to that revision has been reported, or need not be.
    void pass(crud::revision up_to)
    {
        passed_ = std::max(passed_, up_to);
        const std::lock_guard lock(mutex_);
        own_.erase(own_.begin(), own_.upper_bound(passed_));
    }

    /// From here on changes are reported. False while the store cannot say where it is.
    asio::awaitable<bool> begin()
    {
        update_wanted();
        try {
            const auto present = co_await crud_->find_latest_revision();
            if (present.has_value()) passed_ = *present;
            co_return present.has_value();
        } catch (const std::exception& bug) {
            log_bug(bug);
        }
        co_return false;
    }

    bool update_wanted()
    {
        is_wanted_ = std::any_of(listeners_.begin(), listeners_.end(),
                                 [](const auto& each) { return each->wants_foreign_changes(); });
        return is_wanted_;
    }

    asio::awaitable<void> read(std::stop_token stop)
    {
        const auto reached = reached_.load();
        const bool is_wanted = update_wanted();
        if (reached <= passed_) co_return;
        if (!is_wanted || are_all_own(reached)) co_return pass(reached);
        std::string failure;
        try {
            failure = co_await read_pages(std::move(stop));
        } catch (const std::exception& bug) {
            failure = bug.what();
        }
        const bool has_failed = !failure.empty();
        const bool is_news = has_failed && !has_failed_;
        has_failed_ = has_failed;
        if (has_failed) wake_.notify();
        if (!is_news) co_return;
        log_->write(
            log_level::warning,
            "sessions changed by other processes cannot be read, which is tried again: " + failure);
    }

    /// Empty, or why it failed.
    asio::awaitable<std::string> read_pages(std::stop_token stop)
    {
        crud::changes_query query;
        query.limit = options_.page;
        query.needs_json = false;
        for (bool is_last = false; !is_last && !stop.stop_requested();) {
            query.after = passed_;
            const auto page =
                co_await sessions_.list_changes(crud::interface_side::receiver, query);
            if (page.has_error()) co_return page.error().text();
            for (const auto& record : page->records) {
                if (!is_own(record.revision)) tell(foreign_change(record));
            }
            is_last = page->is_last_page;
            if (!page->records.empty()) pass(page->records.back().revision);
            if (is_last) pass(page->as_of);
        }
        co_return std::string();
    }

    void tell(const foreign_change& change) const
    {
        for (const auto& listener : listeners_) listener->on_foreign_change(change);
    }

    const std::shared_ptr<Crud> crud_;
    const session_reader sessions_;
    const std::shared_ptr<crud::store_watch> watch_;
    const change_listeners listeners_;
    const std::shared_ptr<logger> log_;
    const feed_options options_;
    async_event wake_;
    std::atomic<crud::revision> reached_ = 0;
    std::atomic<bool> is_wanted_ = false;
    mutable std::mutex mutex_;
    /// Of this process, beyond `passed_`.
    std::set<crud::revision> own_;  // guarded by mutex_

    // Used by run() only.
    crud::revision passed_ = 0;
    bool has_failed_ = false;
};

change_feed::change_feed(std::shared_ptr<Crud> crud, std::shared_ptr<crud::store_watch> watch,
                         change_listeners listeners, std::shared_ptr<logger> log,
                         feed_options options)
    : impl_(std::make_shared<impl>(std::move(crud), std::move(watch), std::move(listeners),
                                   std::move(log), options)),
      tasks_([kept = impl_](const std::exception& bug) { kept->log_bug(bug); })
{
}

change_feed::~change_feed() = default;

void change_feed::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(impl_->run(run.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first, impl_);
}

asio::awaitable<void> change_feed::stop()
{
    return tasks_.stop();
}

void change_feed::on_change(const session_change& change) noexcept
{
    impl_->written(change.revision);
}

void change_feed::on_store_revision(crud::revision at) noexcept
{
    impl_->reached(at);
}

}  // namespace ocpi::sessions
