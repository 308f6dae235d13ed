#pragma once

#include "crud/commit_pace.hpp"
#include "crud/health.hpp"
#include "crud/postgres/connection.hpp"
#include "crud/postgres/write_failure.hpp"
#include "crud/postgres/write_queue.hpp"
#include "crud/postgres/write_statements.hpp"
#include "ocpi/base/histogram.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::crud::postgres {

/// The one coroutine that changes records. What waits when it is free shares a transaction
/// (write_statements.hpp); each write is answered after the commit. A transaction that was in the
/// way of another is run again; one that the server refuses because of what a write says is made in
/// two halves, until that write is alone and fails.
///
/// When the connection is lost, it is opened again. What was not committed is then written again;
/// whether the last transaction was committed is found out first, and if that cannot be found out
/// within `max_outcome_time`, its writes fail with errc::storage and may or may not be stored.
class writer {
public:
    static constexpr std::chrono::seconds max_outcome_time{10};

    /// Works on `strand`.
    writer(boost::asio::any_io_executor strand, connection_options options, std::size_t capacity,
           health& told);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Opens the connection, before run(). Throws postgres_error.
    boost::asio::awaitable<void> open();

    /// Writes what comes until close(), and then what still waits.
    boost::asio::awaitable<void> run();

    // Thread safe.

    /// Never waits. While there is no connection the write fails at once.
    void push(waiting_write next) { queue_.push(std::move(next)); }
    void close() { queue_.close(); }

    /// There is no connection, the last transaction has failed, or one takes very long.
    bool is_doubtful() const;
    std::size_t waiting() const { return queue_.size(); }
    /// How many transactions have been committed.
    std::uint64_t commits() const noexcept { return commits_.load(); }
    histogram_counts batch_writes() const { return batch_writes_.read(); }
    histogram_counts commit_seconds() const { return commit_seconds_.read(); }

private:
    using group = std::vector<waiting_write>;

    /// What has come of an attempt to write a group.
    struct attempt {
        std::optional<write_failure> failure;
        /// Of the failure.
        std::string cause;
        /// COMMIT was sent.
        bool is_commit_sent = false;
        write_plan plan;
        revision base = 0;
        /// It waited so long for the transactions of others.
        std::chrono::steady_clock::duration held_up{};
    };

    boost::asio::awaitable<bool> reconnect();
    boost::asio::awaitable<void> wait_for_server();
    boost::asio::awaitable<void> write_all(group batch);
    boost::asio::awaitable<std::optional<group>> write_group(group& of);
    boost::asio::awaitable<attempt> try_group(const group& of);
    boost::asio::awaitable<attempt> try_statements(const std::vector<const write*>& writes);
    boost::asio::awaitable<bool> settle(attempt& of);
    boost::asio::awaitable<std::optional<last_outcome>> find_outcome();
    boost::asio::awaitable<std::optional<std::vector<rows>>> run_or_note(
        std::vector<command> commands, attempt& noted);
    bool are_plans_old();
    void answer(group& of, const attempt& made);
    void fail(group& of, const error& why);

    const boost::asio::any_io_executor strand_;
    const connection_options options_;
    health& health_;
    write_queue queue_;
    commit_pace pace_;
    /// A name of this start, and the number of its last transaction.
    batch_name name_;
    std::unique_ptr<connection> connection_;
    /// Plans of statements are kept, since then.
    bool keeps_plans_ = false;
    std::chrono::steady_clock::time_point planned_at_;
    unsigned failed_attempts_ = 0;
    std::string cause_;
    std::atomic<bool> is_connected_ = false;
    std::atomic<std::uint64_t> commits_ = 0;
    histogram batch_writes_{{1, 2, 4, 8, 16, 32, 64, 128, 256, 512}};
    histogram commit_seconds_{
        {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}};
    /// Begin of the transaction under way, as the count of steady_clock; 0: there is none.
    std::atomic<std::chrono::steady_clock::rep> began_at_ = 0;
};

}  // namespace ocpi::crud::postgres
