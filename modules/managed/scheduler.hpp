#pragma once

#include "modules/managed/policy_events.hpp"
#include "modules/managed/preferences_sender.hpp"
#include "modules/managed/snapshot_reader.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace ocpi::managed {

/// What runs for managed sessions between start() and stop(), on one strand: mailboxes are drained,
/// plans are made again after a price change and at each quarter-hour of the clock, preferences are
/// sent to CPOs. It decides only when; all work is that of the others. Safe from any thread.
class scheduler {
public:
    scheduler(policy_events& events, snapshot_reader& reader, preferences_sender& sender,
              std::shared_ptr<const clock> time, std::shared_ptr<logger> log);

    /// From where it begins.
    struct beginning {
        /// The next quarter-hour at which plans are made.
        date_time quarter_hour;
        /// Another process may have had the work until now: what it has not done is done first.
        bool takes_over = false;
    };

    /// No effect while running. `kept` owns this object and the others, and lives as long as any
    /// task.
    void start(boost::asio::any_io_executor executor, beginning from,
               std::shared_ptr<const void> kept);

    /// The tasks of this run; nullptr while not running. Not to be kept.
    std::shared_ptr<task_scope::tasks> tasks() const { return tasks_.current(); }

    /// Waits for the work in progress. Afterwards the tasks do not use the executor any more.
    boost::asio::awaitable<void> stop() { return tasks_.stop(); }

    bool is_running() const { return tasks_.current() != nullptr; }

    /// There are changes in mailboxes, or of other processes. Cheap.
    void changes_posted() noexcept { changes_.notify(); }

    /// There are new prices. Cheap.
    void prices_posted() noexcept { prices_.notify(); }

    /// Looks at the clock now, rather than within a second, and retries now what has failed.
    void look_now() noexcept { look_now_.notify(); }

    /// Sends the due preferences of a session, if running.
    void send_preferences(const crud::object_key& key);

private:
    /// All that is to do now. False if a part of it failed.
    using pass = boost::asio::awaitable<bool> (scheduler::*)(std::stop_token stop);
    boost::asio::awaitable<void> repeat(pass of, async_event& wake, std::stop_token stop);

    boost::asio::awaitable<bool> drain_all(std::stop_token stop);
    boost::asio::awaitable<void> drain(std::string policy_id, bool& is_well);

    boost::asio::awaitable<bool> apply_prices(std::stop_token stop);

    boost::asio::awaitable<void> run_quarter_hours(beginning from, std::stop_token stop);
    boost::asio::awaitable<void> begin(bool takes_over, std::stop_token stop);
    boost::asio::awaitable<bool> adopt_all(bool also_under_way, std::stop_token stop);
    boost::asio::awaitable<bool> pass_quarter_hour(std::stop_token stop);
    boost::asio::awaitable<bool> refresh_policies();

    boost::asio::awaitable<bool> update_plan(crud::object_key key);

    using session_task = std::function<boost::asio::awaitable<bool>(crud::object_key)>;
    boost::asio::awaitable<bool> for_each_live(const session_task& task, std::stop_token stop);
    boost::asio::awaitable<bool> attempt(boost::asio::awaitable<bool> task);
    void report(const error& failure);
    void report(std::string_view cause);

    policy_events& events_;
    snapshot_reader& reader_;
    preferences_sender& sender_;
    const std::shared_ptr<const clock> time_;
    const std::shared_ptr<logger> log_;

    async_event changes_;
    async_event prices_;
    async_event look_now_;
    /// A failure is logged once, until work succeeds again. Used on the strand only.
    bool is_reported_ = false;
    task_scope tasks_;
};

}  // namespace ocpi::managed
