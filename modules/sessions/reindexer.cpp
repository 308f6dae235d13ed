#include "modules/sessions/reindexer.hpp"

#include "modules/sessions/exchange/retry_delay.hpp"
#include "modules/sessions/reindex.hpp"
#include "ocpi/base/completion.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {
namespace {

namespace asio = boost::asio;

constexpr auto first_retry = std::chrono::seconds(1);
constexpr auto longest_retry = std::chrono::minutes(1);

}  // namespace

/// From start() to its end: its coroutine alone keeps it alive, so that it never outlives the
/// context that it belongs to.
class reindexer::running : public std::enable_shared_from_this<running> {
public:
    running(const reindexer& of, asio::any_io_executor executor, std::function<void()> when_done)
        : crud_(of.crud_),
          log_(of.log_),
          strand_(asio::make_strand(std::move(executor))),
          timer_(strand_),
          when_done_(std::move(when_done))
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
        *is_stopping_ = true;
        auto stop_now = [self = shared_from_this(), waiter = std::move(waiter)]() mutable {
            self->timer_.cancel();
            if (self->has_ended_) {
                if (waiter) (*waiter)(true);
            } else if (waiter) {
                self->waiters_.push_back(std::move(*waiter));
            }
        };
        asio::post(strand_, std::move(stop_now));
    }

private:
    asio::awaitable<void> run()
    {
        exchange::retry_delay delay(first_retry, longest_retry);
        bool has_warned = false;
        while (!*is_stopping_) {
            const auto rewritten = co_await run_once();
            if (rewritten.has_value()) {
                report(*rewritten);
                break;
            }
            if (*is_stopping_) break;
            const auto level =
                std::exchange(has_warned, true) ? log_level::debug : log_level::warning;
            const auto& failure = rewritten.error();
            log_->write(level,
                        "the index of sessions waits for the store: " +
                            (failure.log_text().empty() ? failure.text() : failure.log_text()));
            boost::system::error_code ended;
            timer_.expires_after(delay.next());
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        }
        if (!*is_stopping_ && when_done_) when_done_();
        has_ended_ = true;
        for (auto& waiter : std::exchange(waiters_, {})) waiter(true);
    }

    asio::awaitable<result<std::uint64_t>> run_once()
    {
        try {
            co_return co_await reindex_sessions(crud_, is_stopping_);
        } catch (const std::exception& bug) {
            co_return error(errc::internal, bug.what());
        }
    }

    void report(std::uint64_t rewritten) const
    {
        if (rewritten == 0) return;
        log_->write(log_level::info, "the index of sessions has taken in " +
                                         std::to_string(rewritten) +
                                         " that an earlier version has written");
    }

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<logger> log_;
    const std::shared_ptr<std::atomic<bool>> is_stopping_ =
        std::make_shared<std::atomic<bool>>(false);
    asio::strand<asio::any_io_executor> strand_;
    // What follows is used on the strand only.
    asio::steady_timer timer_;
    std::function<void()> when_done_;
    bool has_ended_ = false;
    std::vector<completion<bool>> waiters_;
};

reindexer::reindexer(std::shared_ptr<Crud> crud, std::shared_ptr<logger> log)
    : crud_(std::move(crud)), log_(log ? std::move(log) : std::make_shared<silent_logger>())
{
}

reindexer::~reindexer()
{
    const std::lock_guard lock(mutex_);
    if (const auto current = running_.lock()) current->stop({});
}

void reindexer::start(asio::any_io_executor executor, std::function<void()> when_done)
{
    const std::lock_guard lock(mutex_);
    if (running_.lock()) return;
    const auto started =
        std::make_shared<running>(*this, std::move(executor), std::move(when_done));
    running_ = started;
    started->start();
}

asio::awaitable<void> reindexer::stop()
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
