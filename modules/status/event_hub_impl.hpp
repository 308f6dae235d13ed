#pragma once

#include "modules/status/event_hub.hpp"
#include "modules/status/hub_context.hpp"
#include "modules/status/subscribers.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace ocpi::status {

/// An event_hub from start() to stop(): reads from the store what has changed, in the order of
/// change, renders it and hands it to the streams, all on a strand of its own.
class event_hub::impl : public std::enable_shared_from_this<event_hub::impl> {
public:
    impl(std::shared_ptr<const hub_context> context, boost::asio::any_io_executor executor);

    /// Once, before anything else.
    void start();
    /// Ends all streams, and waits for the event that is being rendered. From any thread, also
    /// more than once.
    boost::asio::awaitable<void> stop();
    /// Ends all streams, and the rest when it is next looked after. From any thread.
    void end();

    /// From any thread.
    void on_change() noexcept;

    /// False when it ends. From any thread.
    bool enter(event_stream& newcomer);

    const std::shared_ptr<status::subscribers>& listeners() const noexcept { return subscribers_; }

private:
    boost::asio::awaitable<void> follow(std::stop_token stop);
    boost::asio::awaitable<bool> follow_store(std::stop_token stop);
    boost::asio::awaitable<bool> send_changes(std::stop_token stop);
    boost::asio::awaitable<void> send(crud::record changed);
    boost::asio::awaitable<result<crud::changes_page>> list(crud::revision after,
                                                            std::size_t limit);
    boost::asio::awaitable<void> heartbeat(std::stop_token stop);
    boost::asio::awaitable<void> poll_streams(std::stop_token stop);
    void close_streams();
    bool report(const std::string& why);

    const std::shared_ptr<const hub_context> context_;
    const boost::asio::any_io_executor executor_;
    const std::shared_ptr<status::subscribers> subscribers_ =
        std::make_shared<status::subscribers>();
    /// There are changes.
    async_event wake_;
    std::mutex entrance_;
    /// Counts how often a first reader has come.
    std::atomic<std::uint64_t> rounds_ = 0;

    // Used by follow() only.
    /// The hub has sent the events of all changes up to this revision.
    crud::revision sent_revision_ = 0;
    std::uint64_t known_round_ = 0;
    bool is_reported_ = false;

    task_scope tasks_;
};

}  // namespace ocpi::status
