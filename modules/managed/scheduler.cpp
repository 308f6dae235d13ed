#include "modules/managed/scheduler.hpp"

#include "modules/managed/quarter_hour_due.hpp"
#include "ocpi/base/run_together.hpp"

#include <chrono>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::managed {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// Mailboxes that are drained at a time.
constexpr std::size_t batch_size = 32;
/// How long after a quarter-hour plans are made at the latest, also when the clock is set; and how
/// long after a failure a pass is made again.
constexpr std::chrono::seconds interval{1};

task_scope::failure_handler log_failures_to(std::shared_ptr<logger> log)
{
    return [log = std::move(log)](const std::exception& failure) {
        log->write(log_level::error, std::string("managed-session task failed: ") + failure.what());
    };
}

}  // namespace

scheduler::scheduler(policy_events& events, snapshot_reader& reader, preferences_sender& sender,
                     std::shared_ptr<const clock> time, std::shared_ptr<logger> log)
    : events_(events),
      reader_(reader),
      sender_(sender),
      time_(std::move(time)),
      log_(log ? std::move(log) : std::make_shared<silent_logger>()),
      tasks_(log_failures_to(log_))
{
}

void scheduler::start(asio::any_io_executor executor, beginning from,
                      std::shared_ptr<const void> kept)
{
    const auto spawn_first = [&](task_scope::tasks& run) {
        run.spawn(repeat(&scheduler::drain_all, changes_, run.stop_token()));
        run.spawn(repeat(&scheduler::apply_prices, prices_, run.stop_token()));
        run.spawn(run_quarter_hours(from, run.stop_token()));
    };
    tasks_.start(std::move(executor), spawn_first, std::move(kept));
}

void scheduler::send_preferences(const crud::object_key& key)
{
    if (!sender_.sends_for(key)) return;
    if (const auto run = tasks_.current()) run->spawn(sender_.send(key));
}

/// Makes a pass whenever it is woken, and another one a second after a pass that failed.
awaitable<void> scheduler::repeat(pass of, async_event& wake, std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const bool is_well = co_await attempt((this->*of)(stop));
        if (is_well) {
            co_await wake.wait(stop);
        } else {
            co_await look_now_.wait_for(interval, stop);
        }
    }
}

/// All mailboxes once, so that those that cannot be drained do not hold up others. False if one
/// could not.
awaitable<bool> scheduler::drain_all(std::stop_token stop)
{
    const auto taken = co_await events_.take_foreign();
    if (taken.has_error()) report(taken.error().text());
    bool is_well = taken.has_value();
    std::string after;
    while (!stop.stop_requested()) {
        const auto batch = events_.changes().waiting(after, batch_size);
        if (batch.empty()) break;
        after = batch.back();
        std::vector<awaitable<void>> all;
        for (const auto& policy_id : batch) all.push_back(drain(policy_id, is_well));
        co_await run_together(std::move(all));
    }
    if (is_well) is_reported_ = false;
    co_return is_well;
}

awaitable<void> scheduler::drain(std::string policy_id, bool& is_well)
{
    try {
        const auto drained = co_await events_.drain(std::move(policy_id));
        if (drained.has_value()) co_return;
        report(drained.error());
    } catch (const std::exception& bug) {
        report(bug.what());
    }
    is_well = false;
}

/// Once all plans include them, the prices are not new any more.
awaitable<bool> scheduler::apply_prices(std::stop_token stop)
{
    const auto latest = events_.prices().latest();
    if (latest == 0) co_return true;
    const session_task update = [this](crud::object_key key) -> awaitable<bool> {
        if (!events_.prices().pending_for(key.owner())) co_return true;
        co_return co_await update_plan(std::move(key));
    };
    const bool is_well = co_await for_each_live(update, std::move(stop));
    if (is_well) events_.prices().remove(latest);
    co_return is_well;
}

awaitable<void> scheduler::run_quarter_hours(beginning from, std::stop_token stop)
{
    auto expected = from.quarter_hour;
    co_await begin(from.takes_over, stop);
    while (!stop.stop_requested()) {
        const auto now = time_->now();
        if (is_quarter_hour_due(expected, now)) {
            expected = metering::next_quarter_hour(now);
            co_await attempt(pass_quarter_hour(stop));
        }
        co_await attempt(refresh_policies());
        co_await look_now_.wait_for(interval, stop);
    }
}

/// What has happened before, or while no process did this work.
awaitable<void> scheduler::begin(bool takes_over, std::stop_token stop)
{
    if (!takes_over) {
        co_await attempt(adopt_all(false, stop));
        co_return;
    }
    bool is_done = false;
    while (!is_done && !stop.stop_requested()) {
        is_done =
            co_await attempt(adopt_all(true, stop)) && co_await attempt(pass_quarter_hour(stop));
        if (!is_done) co_await look_now_.wait_for(interval, stop);
    }
}

/// Other processes write policies, too. If that fails, the next request reads them.
awaitable<bool> scheduler::refresh_policies()
{
    const auto refreshed = co_await events_.policies().refresh();
    if (refreshed.has_error()) co_return false;
    auto contracts = events_.policies().take_new_contracts();
    if (contracts.empty()) co_return true;
    const auto adopted = co_await events_.adopt_latest(std::move(contracts));
    co_return adopted.has_value();
}

/// For each policy without a session in progress, or for all.
awaitable<bool> scheduler::adopt_all(bool also_under_way, std::stop_token stop)
{
    const auto ids = co_await events_.policies().ids(std::nullopt);
    if (ids.has_error()) co_return false;
    for (const auto& id : *ids) {
        if (stop.stop_requested()) break;
        const auto under = co_await events_.policies().find(id);
        if (under.has_error() || (under->current && !also_under_way)) continue;
        (void)co_await events_.adopt_latest(under->rule.contract_ids);
    }
    co_return true;
}

awaitable<bool> scheduler::pass_quarter_hour(std::stop_token stop)
{
    const session_task update = [this](crud::object_key key) -> awaitable<bool> {
        const bool is_well = co_await update_plan(key);
        send_preferences(key);
        co_return is_well;
    };
    co_return co_await for_each_live(update, std::move(stop));
}

awaitable<bool> scheduler::update_plan(crud::object_key key)
{
    const auto session = co_await reader_.find(std::move(key));
    if (session.has_error()) co_return false;
    if (!*session) co_return true;
    const auto record = co_await events_.record_of(*session);
    if (record.has_error()) co_return false;
    const event passed = quarter_hour();
    const auto updated = co_await events_.apply_to(*session, passed, time_->now());
    co_return updated.has_value();
}

/// For each managed session that has not settled. False if the task was false for one.
awaitable<bool> scheduler::for_each_live(const session_task& task, std::stop_token stop)
{
    bool is_well = true;
    std::optional<std::string> after;
    do {
        const auto page = co_await events_.records().list_live(after);
        if (page.has_error()) co_return false;
        for (const auto& key : page->keys) {
            if (stop.stop_requested()) co_return false;
            const bool is_done = co_await task(key);
            is_well = is_well && is_done;
        }
        after = page->last;
    } while (after);
    co_return is_well;
}

/// False, also if the task throws: a bug does not end what goes on.
awaitable<bool> scheduler::attempt(awaitable<bool> task)
{
    try {
        co_return co_await std::move(task);
    } catch (const std::exception& bug) {
        report(bug.what());
    }
    co_return false;
}

void scheduler::report(const error& failure)
{
    // The process that has the lease now goes on.
    if (failure.code() != errc::lease_lost) report(failure.text());
}

/// Logs a failure once until work succeeds again: policies mostly fail together.
void scheduler::report(std::string_view cause)
{
    if (std::exchange(is_reported_, true)) return;
    const auto text =
        std::string("managed sessions cannot be kept up to date, which is tried again: ")
            .append(cause);
    log_->write(log_level::warning, text);
}

}  // namespace ocpi::managed
