#include "modules/sessions/final_reading_watch.hpp"

#include "ocpi/base/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {
namespace {

namespace asio = boost::asio;

/// How long after its time a session settles at the latest, also when the clock is set.
constexpr auto look_interval = std::chrono::seconds(1);

}  // namespace

/// From start() to its end: its coroutine alone keeps it alive, so that it never outlives the
/// context that it belongs to.
class final_reading_watch::running : public std::enable_shared_from_this<running> {
public:
    running(const final_reading_watch& of, asio::any_io_executor executor)
        : sessions_(of.sessions_),
          log_(of.log_),
          strand_(asio::make_strand(std::move(executor))),
          timer_(strand_)
    {
    }

    void start()
    {
        asio::co_spawn(
            strand_, [self = shared_from_this()] { return self->run(); }, asio::detached);
    }

    /// The waiter, if there is one, is called when nothing runs any more.
    void stop(std::optional<completion<bool>> waiter)
    {
        auto stop_now = [self = shared_from_this(), waiter = std::move(waiter)]() mutable {
            self->is_stopping_ = true;
            self->timer_.cancel();
            if (!waiter) return;
            if (self->has_ended_) return (*waiter)(true);
            self->waiters_.push_back(std::move(*waiter));
        };
        asio::post(strand_, std::move(stop_now));
    }

private:
    asio::awaitable<void> run()
    {
        while (!is_stopping_) {
            co_await look();
            if (is_stopping_) break;
            boost::system::error_code ended;
            timer_.expires_after(look_interval);
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        }
        has_ended_ = true;
        for (auto& waiter : std::exchange(waiters_, {})) waiter(true);
    }

    asio::awaitable<void> look()
    {
        std::optional<std::string> failure;
        try {
            const auto settled = co_await sessions_->settle_overdue();
            if (settled.has_error()) failure = settled.error().text();
        } catch (const std::exception& bug) {
            failure = bug.what();
        }
        const bool is_news = failure && !is_failing_;
        is_failing_ = failure.has_value();
        if (!is_news) co_return;
        log_->write(log_level::warning,
                    "cannot settle sessions whose final reading is overdue, retrying: " + *failure);
    }

    const std::shared_ptr<session_store> sessions_;
    const std::shared_ptr<logger> log_;
    asio::strand<asio::any_io_executor> strand_;
    // What follows is used on the strand only.
    asio::steady_timer timer_;
    bool is_stopping_ = false;
    bool has_ended_ = false;
    /// A failure is told once, until all is well again.
    bool is_failing_ = false;
    std::vector<completion<bool>> waiters_;
};

final_reading_watch::final_reading_watch(std::shared_ptr<session_store> sessions,
                                         std::shared_ptr<logger> log)
    : sessions_(std::move(sessions)), log_(log ? std::move(log) : std::make_shared<silent_logger>())
{
}

final_reading_watch::~final_reading_watch()
{
    const std::lock_guard lock(mutex_);
    if (const auto current = running_.lock()) current->stop({});
}

void final_reading_watch::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_.lock()) return;
    const auto started = std::make_shared<running>(*this, std::move(executor));
    running_ = started;
    started->start();
}

asio::awaitable<void> final_reading_watch::stop()
{
    std::shared_ptr<running> current;
    {
        const std::lock_guard lock(mutex_);
        current = running_.lock();
        running_.reset();
    }
    if (!current) co_return;
    auto wait = [&current](completion<bool> waiter) {
        std::exchange(current, nullptr)->stop(std::move(waiter));
    };
    co_await await_completion<bool>(wait);
}

}  // namespace ocpi::sessions
