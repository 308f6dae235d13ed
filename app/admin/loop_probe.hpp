#pragma once

#include "app/admin/admin_sources.hpp"
#include "app/admin/loop_lag.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <stop_token>

namespace ocpi::app {

/// Finds out from outside whether the Application's event loop makes progress, and how long work
/// waits in it: sends a probe through it some times a second. Used on the thread of the admin
/// listener only.
class loop_probe : public std::enable_shared_from_this<loop_probe> {
public:
    explicit loop_probe(std::shared_ptr<const admin_sources> sources);

    /// Probes until `stop` is requested.
    boost::asio::awaitable<void> run(std::stop_token stop);

    /// Waits until the loop has run something that was given to it just now: false if it does not
    /// for so long. True while there is no loop yet, or not any more.
    boost::asio::awaitable<bool> wait_for_turn(std::chrono::milliseconds patience);

    loop_lag::duration longest_lag() const;

private:
    void send_probe(const boost::asio::any_io_executor& own);

    const std::shared_ptr<const admin_sources> sources_;
    loop_lag lag_;
};

}  // namespace ocpi::app
