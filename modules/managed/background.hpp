#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace ocpi::managed {

class managed_session_service;

/// What goes on for a managed_session_service between start() and stop(): changes are worked on as
/// they come, some at a time; at each quarter-hour of the manager's clock plans are made again;
/// CPOs are asked for control. Part of the manager, which lives as long as any of it. Safe from any
/// thread.
class background {
public:
    explicit background(managed_session_service& manager);

    /// Does nothing while it runs already.
    void start(boost::asio::any_io_executor executor);

    /// There are changes to work on. Cheap.
    void wake() noexcept { changes_.notify(); }

    /// There are new prices to plan by. Cheap.
    void wake_for_prices() noexcept { new_prices_.notify(); }

    /// Asks the CPO of that session to keep to its target, if it runs.
    void send_preferences(const sessions::session_key& key);

    /// Waits for what has begun. Afterwards nothing of the executor is held on to.
    boost::asio::awaitable<void> stop() { return tasks_.stop(); }

private:
    boost::asio::awaitable<void> run_changes(std::stop_token stop);
    boost::asio::awaitable<void> work_on_all(std::vector<ci_string> contracts);
    boost::asio::awaitable<void> work_on(ci_string contract);
    boost::asio::awaitable<void> attempt(boost::asio::awaitable<void> task);
    void report(std::string_view cause);
    boost::asio::awaitable<void> run_quarter_hours(std::stop_token stop);
    boost::asio::awaitable<void> run_new_prices(std::stop_token stop);

    managed_session_service& manager_;
    async_event changes_;
    async_event new_prices_;
    task_scope tasks_;

    // Used by the tasks only, on their strand.
    bool has_failed_ = false;
    /// A failure is logged once, until all is well again.
    bool is_reported_ = false;
};

}  // namespace ocpi::managed
