#pragma once

#include "crud/lease_group.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace ocpi::sessions {

/// Settles the sessions whose final reading does not come (session_writer::settle_overdue), about
/// when their time has come, so that events tell of it and policies go on to the next session
/// without a request. One of the processes on a store does it, the one that holds the lease
/// `clean-up`. Safe from any thread. The destructor asks the task to end and does not wait.
class final_reading_watch {
public:
    /// `log` may be nullptr: no log. `leases`: by which the process finds out whether it is its
    /// turn.
    final_reading_watch(std::shared_ptr<session_writer> sessions, std::shared_ptr<logger> log,
                        std::shared_ptr<crud::lease_group> leases);

    /// No effect while running. The task belongs to the executor's context and also ends with it.
    void start(boost::asio::any_io_executor executor);

    /// Stops the task and waits for its end.
    boost::asio::awaitable<void> stop();

private:
    const std::shared_ptr<session_writer> sessions_;
    const std::shared_ptr<logger> log_;
    const std::shared_ptr<crud::lease_group> leases_;
};

}  // namespace ocpi::sessions
