#include "modules/exchange/pull_schedule.hpp"

#include "ocpi/base/completion.hpp"
#include "ocpi/base/retry_delay.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using partners::stored_partner;

using strand = asio::strand<asio::any_io_executor>;

/// A coroutine that waits much, and how to wake it and to end it. Used on the strand only.
struct task {
    asio::steady_timer timer;
    asio::cancellation_signal cancellation;
    bool is_due = false;
    bool is_ended = false;

    explicit task(const strand& on) : timer(on) {}

    /// It goes on at once, or as soon as it would wait.
    void wake()
    {
        is_due = true;
        timer.cancel();
    }

    void end()
    {
        is_ended = true;
        cancellation.emit(asio::cancellation_type::terminal);
    }

    /// True when it was woken before the time was over.
    awaitable<bool> pause(std::chrono::milliseconds time)
    {
        boost::system::error_code ignored;
        timer.expires_after(time);
        if (!is_due) {
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
        co_return std::exchange(is_due, false);
    }
};

/// The task of pulling from one partner.
struct partner_task : task {
    std::string name;
    /// Of the partner, what a pull depends on.
    std::string shape;

    partner_task(const strand& on, std::string of, std::string looks)
        : task(on), name(std::move(of)), shape(std::move(looks))
    {
    }
};

/// What changes when a partner registers anew or changes, but not with the tokens by which it
/// calls us.
std::string shape_of(partners::partner of)
{
    of.inbound_tokens.clear();
    of.allowed_roles.clear();
    return partners::write_partner(of);
}

std::string describe(const pull_summary& summary)
{
    return "applied " + std::to_string(summary.applied) + ", unchanged " +
           std::to_string(summary.unchanged) + ", invalid " + std::to_string(summary.invalid) +
           " in " + std::to_string(summary.pages) + " pages";
}

}  // namespace

/// What runs between start() and the end: everything on one strand, where the partners' coroutines
/// interleave wherever they wait. They alone keep this object alive, so that it never outlives the
/// context that its strand and timers belong to.
class pull_schedule::running : public std::enable_shared_from_this<running> {
public:
    running(const pull_schedule& of, asio::any_io_executor executor)
        : pulls_(of.pulls_),
          partners_(of.partners_),
          log_(of.log_),
          options_(of.options_),
          strand_(asio::make_strand(std::move(executor)))
    {
    }

    void start()
    {
        asio::post(strand_, [self = shared_from_this()] {
            if (self->is_stopping_) return;
            self->watcher_ = std::make_shared<task>(self->strand_);
            self->spawn(self->watcher_, self->watch(self->watcher_));
        });
    }

    void look_again()
    {
        asio::post(strand_, [self = shared_from_this()] {
            if (self->watcher_) self->watcher_->wake();
        });
    }

    /// The waiter, if there is one, is called when nothing runs any more.
    void stop(std::optional<completion<bool>> waiter)
    {
        auto stop_now = [self = shared_from_this(), waiter = std::move(waiter)]() mutable {
            if (waiter) self->waiters_.push_back(std::move(*waiter));
            self->is_stopping_ = true;
            if (self->watcher_) self->watcher_->end();
            for (const auto& [name, pulling] : self->tasks_) pulling->end();
            self->tasks_.clear();
            self->report_end();
        };
        asio::post(strand_, std::move(stop_now));
    }

private:
    void spawn(const std::shared_ptr<task>& owner, awaitable<void> coroutine)
    {
        ++coroutines_;
        auto on_end = [self = shared_from_this(), owner](const std::exception_ptr& thrown) {
            if (thrown && !owner->is_ended) self->report_bug(thrown);
            --self->coroutines_;
            self->report_end();
        };
        asio::co_spawn(
            strand_, std::move(coroutine),
            asio::bind_cancellation_slot(owner->cancellation.slot(),
                                         asio::bind_executor(strand_, std::move(on_end))));
    }

    void report_end()
    {
        if (!is_stopping_ || coroutines_ > 0) return;
        for (auto& waiter : std::exchange(waiters_, {})) waiter(true);
    }

    void report_bug(const std::exception_ptr& thrown)
    {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& bug) {
            log_->write(log_level::error, std::string("pull schedule: ") + bug.what());
        }
    }

    /// Keeps a task for each partner to pull from.
    awaitable<void> watch(std::shared_ptr<task> own)
    {
        bool has_failed = false;
        while (!own->is_ended) {
            const auto all = co_await list_safely(own);
            if (own->is_ended) co_return;
            if (all.has_value()) {
                tend(*all);
            } else if (!has_failed) {
                log_->write(log_level::error,
                            "pull schedule: cannot read the partners: " + all.error().text());
            }
            has_failed = all.has_error();
            co_await own->pause(options_.partner_poll);
        }
    }

    /// Where a bug is a failure like others: without the watcher nobody new is pulled from.
    awaitable<result<std::vector<stored_partner>>> list_safely(std::shared_ptr<task> own)
    {
        try {
            co_return co_await partners_->list();
        } catch (const std::exception& bug) {
            if (own->is_ended) throw;
            co_return error(errc::internal, bug.what());
        }
    }

    void tend(const std::vector<stored_partner>& all)
    {
        std::set<std::string> wanted;
        for (const auto& stored : all) {
            if (!pulls_->can_pull_from(stored.value)) continue;
            const auto key = fold_case(stored.value.name);
            wanted.insert(key);
            auto shape = shape_of(stored.value);
            auto& pulling = tasks_[key];
            if (!pulling) {
                pulling =
                    std::make_shared<partner_task>(strand_, stored.value.name, std::move(shape));
                spawn(pulling, repeat(pulling));
            } else if (pulling->shape != shape) {
                pulling->shape = std::move(shape);
                pulling->wake();
            }
        }
        std::erase_if(tasks_, [&wanted](const auto& entry) {
            if (wanted.contains(entry.first)) return false;
            entry.second->end();
            return true;
        });
    }

    awaitable<void> repeat(std::shared_ptr<partner_task> own)
    {
        retry_delay delay(options_.first_retry, options_.longest_retry);
        while (!own->is_ended) {
            co_await wait_as_asked(own);
            const bool is_pulled = co_await pull_safely(own);
            if (is_pulled) delay.reset();
            const auto pause = is_pulled ? jittered(options_.interval, 0.1) : delay.next();
            const bool is_woken = co_await own->pause(pause);
            if (is_woken) delay.reset();
        }
    }

    /// Whatever wakes the task: the partner has asked not to be called.
    awaitable<void> wait_as_asked(std::shared_ptr<partner_task> own)
    {
        while (const auto asked = pulls_->find_pause(own->name)) co_await own->pause(*asked);
    }

    /// pull_once(), where a bug is a failure like others: the next run may meet better luck.
    awaitable<bool> pull_safely(std::shared_ptr<partner_task> own)
    {
        try {
            co_return co_await pull_once(own->name);
        } catch (const std::exception& bug) {
            if (own->is_ended) throw;
            log_->write(log_level::error, "pull from " + own->name + ": " + bug.what());
            co_return false;
        }
    }

    awaitable<bool> pull_once(std::string name)
    {
        auto found = co_await partners_->find(name);
        if (found.has_error()) {
            log_->write(log_level::error, "pull from " + name + ": " + found.error().text());
            co_return false;
        }
        // The watcher is about to find out, and to end this task.
        if (!*found || !pulls_->can_pull_from((*found)->value)) co_return true;
        pull_summary so_far;
        puller::page_callback remember = [&so_far](const pull_summary& now) { so_far = now; };
        const auto pulled =
            co_await pulls_->pull(std::move((*found)->value), pull_range(), std::move(remember));
        if (pulled.has_value()) {
            log_->write(log_level::info, "pull from " + name + ": " + describe(*pulled));
            co_return true;
        }
        const auto& failure = pulled.error();
        log_->write(log_level::warning,
                    "pull from " + name + " ended early: " +
                        (failure.log_text().empty() ? failure.text() : failure.log_text()) +
                        "; until then " + describe(so_far));
        co_return false;
    }

    const std::shared_ptr<puller> pulls_;
    const std::shared_ptr<partners::partner_store> partners_;
    const std::shared_ptr<logger> log_;
    const schedule_options options_;
    strand strand_;
    // What follows is used on the strand only.
    bool is_stopping_ = false;
    std::size_t coroutines_ = 0;
    std::shared_ptr<task> watcher_;
    /// By the partner's name, folded.
    std::map<std::string, std::shared_ptr<partner_task>> tasks_;
    std::vector<completion<bool>> waiters_;
};

pull_schedule::pull_schedule(std::shared_ptr<puller> pulls,
                             std::shared_ptr<partners::partner_store> partners,
                             std::shared_ptr<logger> log, schedule_options options)
    : pulls_(std::move(pulls)),
      partners_(std::move(partners)),
      log_(log ? std::move(log) : std::make_shared<silent_logger>()),
      options_(options)
{
}

pull_schedule::~pull_schedule()
{
    ask_to_stop();
}

void pull_schedule::ask_to_stop()
{
    if (const auto current = find_running()) current->stop({});
}

std::shared_ptr<pull_schedule::running> pull_schedule::find_running() const
{
    const std::lock_guard lock(mutex_);
    return running_.lock();
}

void pull_schedule::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_.lock()) return;
    const auto started = std::make_shared<running>(*this, std::move(executor));
    running_ = started;
    started->start();
}

awaitable<void> pull_schedule::stop()
{
    auto current = find_running();
    if (!current) co_return;
    const std::weak_ptr<running> stopped = current;
    auto wait = [&current](completion<bool> waiter) {
        std::exchange(current, nullptr)->stop(std::move(waiter));
    };
    co_await await_completion<bool>(wait);
    const std::lock_guard lock(mutex_);
    const bool is_another = running_.owner_before(stopped) || stopped.owner_before(running_);
    if (!is_another) running_.reset();
}

void pull_schedule::partners_changed()
{
    if (const auto current = find_running()) current->look_again();
}

}  // namespace ocpi::exchange
