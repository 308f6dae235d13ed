#pragma once

#include "modules/sessions/session_writer.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace ocpi::sessions {

/// Settles the sessions whose final reading does not come (session_writer::settle_overdue), about
/// when their time has come, so that events tell of it and policies go on to the next session
/// without a request. Safe from any thread. The destructor asks the task to end and does not wait.
class final_reading_watch {
public:
    /// `log` may be nullptr: no log.
    final_reading_watch(std::shared_ptr<session_writer> sessions, std::shared_ptr<logger> log);

    /// No effect while running. The task belongs to the executor's context and also ends with it.
    void start(boost::asio::any_io_executor executor);

    /// Stops the task and waits for its end.
    boost::asio::awaitable<void> stop();

private:
    const std::shared_ptr<session_writer> sessions_;
    const std::shared_ptr<logger> log_;
    task_scope scope_;
};

}  // namespace ocpi::sessions
