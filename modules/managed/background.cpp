#include "modules/managed/background.hpp"

#include "modules/managed/managed_session_service.hpp"
#include "modules/metering/quarter_hour.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace ocpi::managed {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::steady_timer;

/// Of how many contracts sessions are worked on at a time.
constexpr std::size_t batch_size = 32;
/// After the store has failed.
constexpr std::chrono::seconds pause_after_failure{1};
/// How long after a quarter-hour plans are made at the latest, whoever set the clock.
constexpr std::chrono::seconds clock_check{1};

std::string describe(const std::exception_ptr& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& thrown) {
        return thrown.what();
    } catch (...) {
        return "an exception of an unknown type";
    }
}

}  // namespace

background::background(managed_session_service& manager, asio::any_io_executor executor)
    : owner_(manager.weak_from_this()),
      manager_(manager),
      strand_(asio::make_strand(std::move(executor))),
      wake_timer_(strand_),
      batch_timer_(strand_),
      quarter_timer_(strand_),
      price_timer_(strand_),
      stop_timer_(strand_)
{
}

void background::start()
{
    asio::post(strand_, [self = shared_from_this()] {
        self->spawn(self->run_changes());
        self->spawn(self->run_quarter_hours());
        self->spawn(self->run_new_prices());
    });
}

void background::wake()
{
    if (is_woken_.exchange(true)) return;
    asio::post(strand_, [self = shared_from_this()] { self->wake_timer_.cancel(); });
}

void background::wake_for_prices()
{
    asio::post(strand_, [self = shared_from_this()] { self->price_timer_.cancel(); });
}

void background::send_preferences(const crud::object_key& key)
{
    asio::post(strand_, [self = shared_from_this(), key] {
        if (!self->is_stopping_) self->spawn(self->ask_for_control(key));
    });
}

awaitable<void> background::stop()
{
    auto work = [self = shared_from_this()] { return self->stop_on_strand(); };
    co_await asio::co_spawn(strand_, std::move(work), asio::use_awaitable);
}

awaitable<void> background::stop_on_strand()
{
    is_stopping_ = true;
    wake_timer_.cancel();
    batch_timer_.cancel();
    quarter_timer_.cancel();
    price_timer_.cancel();
    while (tasks_ > 0) {
        stop_timer_.expires_at(steady_timer::time_point::max());
        co_await wait(stop_timer_);
    }
}

void background::spawn(awaitable<void> task)
{
    ++tasks_;
    auto ended = [self = shared_from_this(), owner = owner_.lock()](std::exception_ptr failure) {
        if (failure && owner->parts_.log) {
            owner->parts_.log->write(log_level::error,
                                     "managed-session task failed: " + describe(failure));
        }
        --self->tasks_;
        self->stop_timer_.cancel();
    };
    asio::co_spawn(strand_, std::move(task), std::move(ended));
}

awaitable<void> background::run_changes()
{
    std::string after;
    while (!is_stopping_) {
        auto contracts = manager_.pending_.contracts_after(after, batch_size);
        if (contracts.empty() && after.empty()) {
            if (is_woken_.exchange(false)) continue;
            wake_timer_.expires_at(steady_timer::time_point::max());
            co_await wait(wake_timer_);
            continue;
        }
        // Round and round, so that those that cannot be worked on do not stand before others.
        after = contracts.empty() ? std::string() : contracts.back().folded();
        co_await work_on_all(std::move(contracts));
        if (!after.empty()) continue;
        if (!std::exchange(has_failed_, false)) {
            is_reported_ = false;
        } else if (!is_stopping_) {
            batch_timer_.expires_after(pause_after_failure);
            co_await wait(batch_timer_);
        }
    }
}

awaitable<void> background::work_on_all(std::vector<ci_string> contracts)
{
    in_batch_ = contracts.size();
    for (auto& contract : contracts) spawn(work_on(std::move(contract)));
    while (in_batch_ > 0) {
        batch_timer_.expires_at(steady_timer::time_point::max());
        co_await wait(batch_timer_);
    }
}

awaitable<void> background::work_on(ci_string contract)
{
    try {
        const auto worked = co_await manager_.work_on(std::move(contract));
        if (worked.has_error()) report(worked.error().text());
    } catch (const std::exception& bug) {
        report(bug.what());
    }
    --in_batch_;
    batch_timer_.cancel();
}

/// Logs a failure once until work succeeds again: contracts mostly fail together.
void background::report(std::string_view cause)
{
    has_failed_ = true;
    if (std::exchange(is_reported_, true) || !manager_.parts_.log) return;
    const auto text = std::string(
                          "managed sessions cannot be kept up to date, which is tried "
                          "again: ")
                          .append(cause);
    manager_.parts_.log->write(log_level::warning, text);
}

/// What fails is told, and does not end what it is part of.
awaitable<void> background::attempt(awaitable<void> task)
{
    try {
        co_await std::move(task);
    } catch (const std::exception& bug) {
        report(bug.what());
    }
}

awaitable<void> background::run_quarter_hours()
{
    co_await attempt(manager_.adopt_all_sessions());
    auto due = metering::next_quarter_hour(manager_.parts_.time->now());
    while (!is_stopping_) {
        quarter_timer_.expires_after(clock_check);
        co_await wait(quarter_timer_);
        const auto now = manager_.parts_.time->now();
        const bool is_set_back = metering::next_quarter_hour(now) < due;
        if (is_stopping_ || (now < due && !is_set_back)) continue;
        due = metering::next_quarter_hour(now);
        co_await attempt(manager_.keep_quarter_hours());
    }
}

awaitable<void> background::run_new_prices()
{
    while (!is_stopping_) {
        const auto before = manager_.new_prices_.latest();
        if (before != 0) co_await attempt(manager_.take_all_new_prices());
        const auto left = manager_.new_prices_.latest();
        if (left != 0 && left != before) continue;
        if (left == 0) {
            price_timer_.expires_at(steady_timer::time_point::max());
        } else {
            price_timer_.expires_after(pause_after_failure);
        }
        if (!is_stopping_) co_await wait(price_timer_);
    }
}

awaitable<void> background::ask_for_control(crud::object_key key)
{
    co_await manager_.ask_for_control(std::move(key));
}

awaitable<void> background::wait(steady_timer& timer)
{
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace ocpi::managed
