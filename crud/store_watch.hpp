#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace ocpi::crud {

/// Is told by a store_watch how far the store has come.
class store_listener {
public:
    virtual ~store_listener() = default;

    /// The store is at that revision, or beyond: Crud::list_changes has all changes up to it. Runs
    /// on any thread, concurrently, not always in order of revision. Must return quickly.
    virtual void on_store_revision(revision at) noexcept = 0;

    /// True while somebody waits for the next change: then the store is asked often.
    virtual bool is_waited_for() const noexcept { return false; }
};

/// When a store_watch asks the store for its revision; real time.
struct watch_options {
    /// While somebody waits for changes, and for `active_for` after the last one.
    std::chrono::milliseconds short_interval{50};
    /// Otherwise.
    std::chrono::milliseconds long_interval{250};
    std::chrono::milliseconds active_for{2'000};
    /// While the store fails.
    std::chrono::milliseconds failure_interval{1'000};
    /// The watch pauses for at least that many times as long as the store took to answer; the
    /// first while somebody waits.
    int min_rest_waited_for = 4;
    int min_rest = 20;
    /// But not for longer: a read that met a network which hung says nothing about the next one.
    std::chrono::milliseconds max_rest{1'000};
    /// Waits until the event is notified, for so long at most, or until the stop.
    std::function<boost::asio::awaitable<void>(
        async_event& event, std::chrono::steady_clock::duration time, std::stop_token stop)>
        wait = [](async_event& event, std::chrono::steady_clock::duration time,
                  std::stop_token stop) -> boost::asio::awaitable<void> {
        co_await event.wait_for(time, std::move(stop));
    };
};

/// What the next pause depends on.
struct watch_state {
    bool is_waited_for = false;
    bool has_failed = false;
    /// Since the revision last changed; std::nullopt: it has not.
    std::optional<std::chrono::steady_clock::duration> since_change;
    /// How long the store took to answer last.
    std::chrono::steady_clock::duration took{0};
};

/// How long to wait before the store is asked again.
std::chrono::steady_clock::duration next_pause(const watch_state& state,
                                               const watch_options& options);

/// Learns of each change of the store, whichever process has made it: one small query for all
/// listeners of this process, again and again (Crud::find_latest_revision). Writes of this process
/// are reported at once. Safe from any thread.
class store_watch {
public:
    /// `log` may be nullptr. Throws std::invalid_argument without a store.
    explicit store_watch(std::shared_ptr<Crud> crud, std::shared_ptr<logger> log = nullptr,
                         watch_options options = {});
    ~store_watch();
    store_watch(const store_watch&) = delete;
    store_watch& operator=(const store_watch&) = delete;

    /// The listener is told of each later revision, for as long as it lives.
    void add(std::weak_ptr<store_listener> listener);

    /// Asks the store on this executor from now on. No effect while it runs.
    void start(boost::asio::any_io_executor executor);

    /// Releases the executor; await it before the executor's context ends. It may be started again.
    boost::asio::awaitable<void> stop();

    /// This process has made a durable write, which has that revision: tells the listeners, before
    /// it returns. Also while the watch is not started.
    void written(revision at) noexcept;

    /// Asks the store now: somebody has begun to wait for changes, or there is reason to expect
    /// one.
    void look_now() noexcept;

    /// The latest revision that is known; 0: none yet.
    revision latest() const noexcept;

private:
    class impl;
    const std::shared_ptr<impl> impl_;
    task_scope tasks_;
};

}  // namespace ocpi::crud
