#pragma once

#include "crud/object_key.hpp"
#include "modules/sessions/session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace ocpi::managed {

class managed_session_service;

/// What goes on for a managed_session_service between start() and stop(): changes are worked on as
/// they come, some at a time; at each quarter-hour of the manager's clock plans are made again;
/// CPOs are asked for control. On a strand of its own; the manager lives as long as any of it.
class background : public std::enable_shared_from_this<background> {
public:
    background(managed_session_service& manager, boost::asio::any_io_executor executor);

    /// Once, before anything else.
    void start();

    /// There are changes to work on. From any thread; cheap.
    void wake();

    /// Prices have changed: plans wait to be made again. From any thread; cheap.
    void wake_for_prices();

    /// Asks the CPO of that session to keep to its target. From any thread.
    void send_preferences(const crud::object_key& key);

    /// Waits for what has begun. Afterwards nothing of the executor is held on to.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> stop_on_strand();
    void spawn(boost::asio::awaitable<void> task);
    boost::asio::awaitable<void> run_changes();
    boost::asio::awaitable<void> work_on_all(std::vector<ci_string> contracts);
    boost::asio::awaitable<void> work_on(ci_string contract);
    boost::asio::awaitable<void> attempt(boost::asio::awaitable<void> task);
    void report(std::string_view cause);
    boost::asio::awaitable<void> run_quarter_hours();
    boost::asio::awaitable<void> run_new_prices();
    boost::asio::awaitable<void> ask_for_control(crud::object_key key);
    boost::asio::awaitable<void> wait(boost::asio::steady_timer& timer);

    const std::weak_ptr<managed_session_service> owner_;
    managed_session_service& manager_;
    boost::asio::strand<boost::asio::any_io_executor> strand_;
    std::atomic<bool> is_woken_ = false;

    // Used on the strand only.
    boost::asio::steady_timer wake_timer_;
    boost::asio::steady_timer batch_timer_;
    boost::asio::steady_timer quarter_timer_;
    boost::asio::steady_timer price_timer_;
    boost::asio::steady_timer stop_timer_;
    bool is_stopping_ = false;
    bool has_failed_ = false;
    /// A failure is logged once, until work succeeds again.
    bool is_reported_ = false;
    std::size_t in_batch_ = 0;
    std::size_t tasks_ = 0;
};

}  // namespace ocpi::managed
