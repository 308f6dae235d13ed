#pragma once

#include "modules/status/audience.hpp"
#include "modules/status/hub_context.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace ocpi::status {

/// An event_hub from start() to stop(): reads from the store what has changed, in the order of
/// change, renders it and hands it to the streams, all on a strand of its own.
class hub_run : public std::enable_shared_from_this<hub_run> {
public:
    hub_run(std::shared_ptr<const hub_context> context, boost::asio::any_io_executor executor);

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

    const std::shared_ptr<audience>& listeners() const noexcept { return audience_; }

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> follow_store();
    boost::asio::awaitable<void> tell_changes();
    boost::asio::awaitable<void> tell(crud::record changed);
    boost::asio::awaitable<result<crud::changes_page>> list(crud::revision after, std::size_t most);
    boost::asio::awaitable<void> wait(boost::asio::steady_timer& timer);
    boost::asio::awaitable<void> stop_on_strand();
    void close_streams();
    void wake();
    void arm_beat();
    void on_beat();
    void arm_look();
    void on_look();
    void report(const std::string& why);

    const std::shared_ptr<const hub_context> context_;
    const std::shared_ptr<audience> audience_ = std::make_shared<audience>();
    /// run() has been or will be told that there are changes.
    std::atomic<bool> is_posted_ = false;
    std::mutex entrance_;
    /// Counts how often a first reader has come.
    std::atomic<std::uint64_t> rounds_ = 0;

    // Touched on the strand only.
    boost::asio::strand<boost::asio::any_io_executor> strand_;
    boost::asio::steady_timer wake_timer_;
    boost::asio::steady_timer beat_timer_;
    boost::asio::steady_timer look_timer_;
    boost::asio::steady_timer done_timer_;
    /// Up to which change the readers of that round are not told by the hub any more.
    crud::revision told_to_ = 0;
    std::uint64_t known_round_ = 0;
    bool is_reported_ = false;
    bool is_woken_ = false;
    bool is_stopping_ = false;
    bool is_running_ = false;
};

}  // namespace ocpi::status
