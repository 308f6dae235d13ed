#pragma once

#include "crud/health.hpp"
#include "crud/postgres/connection_keeper.hpp"
#include "crud/postgres/read_job.hpp"
#include "crud/postgres/reader_choice.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::crud::postgres {

/// Connections that read, and bounded queues before them. A read whose connection is lost is run
/// once more on another one.
class reader_pool {
public:
    /// Works on `strand`. `capacity` of each kind of read.
    reader_pool(boost::asio::any_io_executor strand, const connection_options& options,
                std::size_t connections, std::size_t capacity, health& told);

    /// Opens the first connection, before start(), which opens the others. Throws
    /// postgres_error.
    boost::asio::awaitable<void> open();
    void start();
    /// Reads under way are finished or fail, and so do those that wait.
    void stop();

    /// Thread safe; never waits. While there is no connection the read fails soon.
    void push(read_kind kind, read_job_pointer next);
    /// Thread safe: the last read has failed, or there is no connection.
    bool is_doubtful() const noexcept { return health_.is_failing() || is_unreachable_.load(); }
    /// Thread safe: how many reads of that kind wait.
    std::size_t waiting(read_kind kind) const noexcept { return queue_of(kind).size; }

private:
    struct reader {
        std::unique_ptr<connection_keeper> keeper;
        reader_load load;
    };
    struct queue {
        std::deque<read_job_pointer> jobs;
        /// With those that are on their way to the strand.
        std::atomic<std::size_t> size = 0;
    };

    queue& queue_of(read_kind kind) noexcept { return kind == read_kind::find ? finds_ : lists_; }
    const queue& queue_of(read_kind kind) const noexcept
    {
        return kind == read_kind::find ? finds_ : lists_;
    }
    void dispatch();
    void dispatch(read_kind kind);
    void begin(read_kind kind, reader& on, read_job_pointer job);
    boost::asio::awaitable<void> serve(read_kind kind, reader& on, read_job_pointer job);
    void settle(read_kind kind, reader& on, read_job_pointer job,
                const std::optional<std::string>& failure, bool is_worth_another);
    void fail_all(queue& of, const error& why);
    /// Why no connection is to be expected; std::nullopt: there is one, or may be in a moment.
    std::optional<std::string> find_failure() const;
    std::vector<reader_load> loads();

    const boost::asio::any_io_executor strand_;
    const std::size_t capacity_;
    health& health_;
    std::vector<std::unique_ptr<reader>> readers_;
    queue finds_;
    queue lists_;
    bool is_stopped_ = false;
    std::atomic<bool> is_unreachable_ = false;
};

}  // namespace ocpi::crud::postgres
