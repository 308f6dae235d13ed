#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace ocpi::sessions {

/// Runs reindex_sessions() (reindex.hpp) in the background, again and again until the store lets
/// it come to its end. Safe from any thread.
class reindexer {
public:
    /// `log` may be nullptr: silence.
    reindexer(std::shared_ptr<Crud> crud, std::shared_ptr<logger> log);
    /// Asks what runs to end, without waiting for it.
    ~reindexer();
    reindexer(const reindexer&) = delete;
    reindexer& operator=(const reindexer&) = delete;

    /// Does nothing while it runs already. `when_done` is called once, unless it is stopped before.
    /// All that runs belongs to the executor's context, and ends with it too.
    void start(boost::asio::any_io_executor executor, std::function<void()> when_done);

    /// Resumes when nothing runs any more; `when_done` has been called by then, or never will be.
    boost::asio::awaitable<void> stop();

private:
    class running;

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<logger> log_;
    std::mutex mutex_;
    std::weak_ptr<running> running_;  // guarded by mutex_
};

}  // namespace ocpi::sessions
