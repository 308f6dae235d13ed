#pragma once

#include "crud/crud.hpp"
#include "crud/store_watch.hpp"
#include "modules/sessions/change_listener.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <vector>

namespace ocpi::sessions {

/// When the changes of other processes are read; real time.
struct feed_options {
    /// From one read to the next at least.
    std::chrono::milliseconds min_pause{50};
    /// The feed pauses for at least that many times as long as its last read took.
    int min_rest = 10;
    /// But not for longer: a read that met a network which hung says nothing about the next one.
    std::chrono::milliseconds max_rest{1'000};
    /// Changes read at a time.
    std::size_t page = 1'000;
    /// Writes of this process that are remembered until the feed has passed them. What is beyond
    /// is reported as if another process had written it.
    std::size_t max_own = 100'000;
};

/// Reports the sessions that other processes have changed to the listeners of this one
/// (change_listener::on_foreign_change), in the order of change, and each write of this process to
/// the store_watch. Reads only while a listener wants it, and only if there are changes that this
/// process has not made. Safe from any thread.
class change_feed final : public change_listener,
                          public crud::store_listener,
                          public std::enable_shared_from_this<change_feed> {
public:
    /// The store and the watch are not null; `log` may be. The listeners are told on the executor
    /// of start().
    change_feed(std::shared_ptr<Crud> crud, std::shared_ptr<crud::store_watch> watch,
                change_listeners listeners, std::shared_ptr<logger> log = nullptr,
                feed_options options = {});
    ~change_feed() override;

    /// Reports what changes from now on. No effect while it runs.
    void start(boost::asio::any_io_executor executor);
    /// Releases the executor; await it before the executor's context ends.
    boost::asio::awaitable<void> stop();

    /// Of this process.
    void on_change(const session_change& change) noexcept override;
    void on_store_revision(crud::revision at) noexcept override;

private:
    class impl;
    const std::shared_ptr<impl> impl_;
    task_scope tasks_;
};

}  // namespace ocpi::sessions
