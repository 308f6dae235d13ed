#include "modules/managed/background.hpp"

#include "modules/managed/managed_session_service.hpp"
#include "modules/metering/quarter_hour.hpp"
#include "ocpi/base/pause.hpp"
#include "ocpi/base/run_together.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace ocpi::managed {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// Of how many contracts sessions are worked on at a time.
constexpr std::size_t batch_size = 32;
/// After the store has failed.
constexpr std::chrono::seconds pause_after_failure{1};
/// How long after a quarter-hour plans are made at the latest, whoever set the clock.
constexpr std::chrono::seconds clock_check{1};

task_scope::failure_handler log_failures_to(std::shared_ptr<logger> log)
{
    if (!log) return {};
    return [log = std::move(log)](const std::exception&) {
        log->write(log_level::error, "the care of managed sessions has failed");
    };
}

}  // namespace

background::background(managed_session_service& manager)
    : manager_(manager), tasks_(log_failures_to(manager.parts_.log))
{
}

void background::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(run_changes(run.stop_token()));
        run.spawn(run_quarter_hours(run.stop_token()));
        run.spawn(run_new_prices(run.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first, manager_.shared_from_this());
}

void background::send_preferences(const sessions::session_key& key)
{
    if (const auto run = tasks_.current()) run->spawn(manager_.ask_for_control(key));
}

awaitable<void> background::run_changes(std::stop_token stop)
{
    std::string after;
    while (!stop.stop_requested()) {
        auto contracts = manager_.pending_.contracts_after(after, batch_size);
        if (contracts.empty() && after.empty()) {
            co_await changes_.wait(stop);
            continue;
        }
        // Round and round, so that those that cannot be worked on do not stand before others.
        after = contracts.empty() ? std::string() : contracts.back().folded();
        co_await work_on_all(std::move(contracts));
        if (!after.empty()) continue;
        if (!std::exchange(has_failed_, false)) {
            is_reported_ = false;
        } else {
            co_await stoppable_pause(pause_after_failure, stop);
        }
    }
}

awaitable<void> background::work_on_all(std::vector<ci_string> contracts)
{
    std::vector<awaitable<void>> all;
    all.reserve(contracts.size());
    for (auto& contract : contracts) all.push_back(work_on(std::move(contract)));
    co_await run_together(std::move(all));
}

awaitable<void> background::work_on(ci_string contract)
{
    try {
        const auto worked = co_await manager_.work_on(std::move(contract));
        if (worked.has_error()) report(worked.error().text());
    } catch (const std::exception& bug) {
        report(bug.what());
    }
}

/// Once until all is well again: they mostly fail together.
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

awaitable<void> background::run_quarter_hours(std::stop_token stop)
{
    co_await attempt(manager_.adopt_all_sessions());
    auto due = metering::next_quarter_hour(manager_.parts_.time->now());
    while (!stop.stop_requested()) {
        co_await stoppable_pause(clock_check, stop);
        const auto now = manager_.parts_.time->now();
        const bool is_set_back = metering::next_quarter_hour(now) < due;
        if (stop.stop_requested() || (now < due && !is_set_back)) continue;
        due = metering::next_quarter_hour(now);
        co_await attempt(manager_.keep_quarter_hours());
    }
}

awaitable<void> background::run_new_prices(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const auto before = manager_.new_prices_.latest();
        if (before != 0) co_await attempt(manager_.take_all_new_prices());
        const auto left = manager_.new_prices_.latest();
        if (left == 0) {
            co_await new_prices_.wait(stop);
        } else if (left == before) {
            co_await new_prices_.wait_for(pause_after_failure, stop);
        }
    }
}

}  // namespace ocpi::managed
