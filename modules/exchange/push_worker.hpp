#pragma once

#include "modules/exchange/push_fsm.hpp"
#include "modules/exchange/session_push.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace ocpi::exchange {

/// What a worker needs.
struct push_context {
    std::shared_ptr<push_tools> tools;
    std::shared_ptr<logger> log;
    std::vector<party> own_parties;
    push_options options;
};

/// The driver of a push_fsm: carries out its actions, each as a coroutine on the worker's own
/// strand, and reports what came of them. Decides nothing itself. Safe from any thread.
class push_worker : public std::enable_shared_from_this<push_worker> {
public:
    push_worker(std::shared_ptr<const push_context> context, std::string partner, unsigned seed);

    void start(boost::asio::any_io_executor executor);

    /// A session of the partner has changed. Allocates no memory.
    void on_change() noexcept;

    /// Where the partner's sessions are sent from now on; nullptr: the partner is gone.
    void assign(std::shared_ptr<const push_target> target);

    /// How far the partner has our sessions; std::nullopt: none are sent to it.
    std::optional<push_state> state() const;
    const std::string& partner() const noexcept { return partner_; }

    /// Sends no further messages.
    void ask_to_stop() noexcept;

    /// After ask_to_stop(): waits until the messages in flight are answered and the progress is
    /// saved, but not longer than until then. Afterwards nothing is sent, written or logged.
    boost::asio::awaitable<void> stop(std::chrono::steady_clock::time_point until);

private:
    /// What was reported from other threads and is not taken yet.
    struct mailbox {
        bool has_changes = false;
        bool must_stop = false;
        std::optional<std::shared_ptr<const push_target>> target;
    };

    // The functions below run on the strand.

    boost::asio::awaitable<void> run(task_scope::tasks& tasks);
    void take_mail();
    void spawn(push_action::any action, task_scope::tasks& tasks);
    void report_state();

    boost::asio::awaitable<void> perform(push_action::send action, std::stop_token stop);
    boost::asio::awaitable<void> perform(push_action::read_page action, std::stop_token stop);
    boost::asio::awaitable<void> perform(push_action::read_progress action, std::stop_token stop);
    boost::asio::awaitable<void> perform(push_action::save_progress action, std::stop_token stop);
    boost::asio::awaitable<void> perform(push_action::forget action, std::stop_token stop);
    /// Reports to the machine what a call of the store has returned: by `report`, or as a failure.
    template <class T, class Report>
    void finish_store_call(result<T> outcome, const std::stop_token& stop, Report report);

    const std::shared_ptr<const push_context> context_;
    const std::string partner_;
    push_fsm machine_;
    std::size_t reported_backlog_ = 0;

    mutable std::mutex mutex_;
    mailbox mail_;                              // guarded by mutex_
    std::optional<push_state> reported_state_;  // guarded by mutex_
    async_event wake_;
    task_scope tasks_;
};

}  // namespace ocpi::exchange
