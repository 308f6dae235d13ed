#pragma once

#include "modules/sessions/session_store.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <mutex>

namespace ocpi::sessions {

/// Settles sessions whose final reading is overdue (session_store::settle_overdue) shortly after
/// their timeout, so that events are sent and policies move on to the next session without a
/// request. Safe from any thread.
class final_reading_watch {
public:
    /// `log` may be nullptr: no log.
    final_reading_watch(std::shared_ptr<session_store> sessions, std::shared_ptr<logger> log);
    /// Requests the task to end without waiting for it.
    ~final_reading_watch();
    final_reading_watch(const final_reading_watch&) = delete;
    final_reading_watch& operator=(const final_reading_watch&) = delete;

    /// No effect while running. The task belongs to the executor's context and also ends with it.
    void start(boost::asio::any_io_executor executor);

    /// Stops the task and waits for its end.
    boost::asio::awaitable<void> stop();

private:
    class running;

    const std::shared_ptr<session_store> sessions_;
    const std::shared_ptr<logger> log_;
    std::mutex mutex_;
    std::weak_ptr<running> running_;  // guarded by mutex_
};

}  // namespace ocpi::sessions
