#pragma once

#include "crud/postgres/write_batch.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/completion.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// A write with the coroutine that waits for its answer. Answered once.
struct waiting_write {
    write what;
    completion<result<write_answer>> answer;

    waiting_write(write of, completion<result<write_answer>> to)
        : what(std::move(of)), answer(std::move(to))
    {
    }
};

/// Writes on their way to the writer, in order. Thread safe.
class write_queue {
public:
    explicit write_queue(std::size_t capacity) : capacity_(capacity) {}

    /// Never waits: a write that is not accepted is answered at once.
    void push(waiting_write next);

    /// Waits until so many writes wait, the queue is closed, or so much time has gone by. For one
    /// coroutine, which is also the one that takes.
    boost::asio::awaitable<void> wait_for(std::size_t writes,
                                          std::chrono::steady_clock::duration at_most);

    /// What waits, up to so many writes and about so many bytes of them, but one at least.
    std::vector<waiting_write> take(std::size_t max_writes, std::size_t max_bytes);

    /// Answers all that wait, and all that come until admit(), with that error.
    void refuse(const error& why);
    void admit();

    /// From now on no write is accepted; what waits is still to be taken.
    void close();
    bool is_closed() const;

    std::size_t size() const;

    /// Notified when the first write comes, when there are as many as wait_for() waits for, and
    /// when the queue is closed.
    async_event& changed() noexcept { return changed_; }

private:
    /// The error with which a write is not accepted.
    std::optional<error> find_refusal() const;
    /// False: there are so many already, or none will come.
    bool is_short_of(std::size_t writes);

    const std::size_t capacity_;
    mutable std::mutex mutex_;
    // All of this is guarded by mutex_.
    std::deque<waiting_write> writes_;
    std::size_t awaited_ = 1;
    std::optional<error> refusal_;
    bool is_closed_ = false;
    async_event changed_;
};

}  // namespace ocpi::crud::postgres
