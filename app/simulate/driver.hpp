#pragma once

#include "app/simulate/session_comparison.hpp"
#include "app/simulate/simulation.hpp"
#include "app/simulate/tally.hpp"
#include "app/simulate/target_server.hpp"
#include "ocpi/base/async_event.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::app::simulate {

struct driver_options {
    /// Simulated seconds in a second; std::nullopt: as fast as the server answers.
    std::optional<double> speed;
    /// Sets the clock of a server in development mode to the simulated time.
    bool drives_clock = false;
    /// Compares what the server holds at the end.
    bool verifies = false;
    /// Requests under way at a time.
    std::size_t concurrency = 16;
};

/// Sends what a simulation makes to a server: keeps the pace and the order of each session's
/// writes, retries, and judges the answers. For one thread; borrows simulation and server.
class driver {
public:
    /// `show` is called about once a second.
    driver(simulation& simulated, target_server& server, driver_options options,
           std::function<void(const driver&)> show);

    /// Finds the server's endpoints and sends tariffs and policies, before run(). An error when the
    /// server cannot be used at all.
    boost::asio::awaitable<result<void>> prepare();

    /// Runs the simulation to its end, or until `stop` is requested; what is due then is still
    /// sent. Throws what a bug throws.
    boost::asio::awaitable<void> run(std::stop_token stop);

    const simulation& simulated() const noexcept { return simulated_; }
    const simulate::tally& tally() const noexcept { return tally_; }
    /// The simulated time.
    date_time now() const noexcept { return now_; }
    std::chrono::steady_clock::duration elapsed() const;
    /// Answers that were not as OCPI asks, and, with `verifies`, places where the server holds
    /// something else.
    const std::vector<difference>& differences() const noexcept { return differences_; }
    /// Sessions that were compared so far.
    std::size_t verified() const noexcept { return verified_; }
    bool is_verifying() const noexcept { return is_verifying_; }
    /// What prepare() could not set up, for the person at the terminal.
    const std::vector<std::string>& notes() const noexcept { return notes_; }

private:
    using answer = result<partners::platform_answer>;
    using time_point = std::chrono::steady_clock::time_point;

    boost::asio::awaitable<void> keep_pace(std::stop_token stop);
    boost::asio::awaitable<bool> wait_until(date_time next, std::stop_token stop);
    boost::asio::awaitable<void> move_clock(date_time now);
    boost::asio::awaitable<void> enqueue(outgoing_write due);
    boost::asio::awaitable<void> send_writes();
    boost::asio::awaitable<void> deliver(std::size_t index, session_write sent);
    boost::asio::awaitable<answer> send_until_answered(std::string id, const session_write& sent);
    boost::asio::awaitable<void> repair(std::size_t index);
    boost::asio::awaitable<void> read_back(std::size_t index);
    boost::asio::awaitable<void> follow_plan(std::size_t index);
    boost::asio::awaitable<void> verify_sessions();
    boost::asio::awaitable<void> verify(std::size_t index);
    boost::asio::awaitable<void> show_progress(std::stop_token stop);
    void add_unexpected(std::size_t index, const session_write& sent, const answer& answered);

    simulation& simulated_;
    target_server& server_;
    const driver_options options_;
    const std::function<void(const driver&)> show_;
    bool reads_preferences_ = false;
    bool follows_plans_ = false;

    std::stop_token stop_;
    date_time now_;
    time_point begun_{};
    time_point ended_{};
    std::optional<date_time> clock_at_;

    /// By session, writes to be sent in order; a session is in ready_ or in the hands of one
    /// worker while it has an entry.
    std::unordered_map<std::size_t, std::deque<session_write>> lanes_;
    std::deque<std::size_t> ready_;
    /// Writes in lanes_ or under way.
    std::size_t outstanding_ = 0;
    bool is_closed_ = false;
    async_event work_;
    async_event room_;

    simulate::tally tally_;
    std::vector<difference> differences_;
    std::vector<std::string> notes_;
    std::size_t verified_ = 0;
    std::size_t next_to_verify_ = 0;
    bool is_verifying_ = false;
};

}  // namespace ocpi::app::simulate
