#pragma once

#include "ocpi/base/completion.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace ocpi {

/// Lets the writers of one thing, named by a key, go one after another, first come first served,
/// without blocking a thread; those of different keys never meet. It only spares them work: that
/// no write is lost is the store's promise (a write names the revision it is based on), and holds
/// between processes too. Outlives every turn it gives.
class keyed_mutex {
public:
    /// A writer's turn; it ends with this object.
    class turn {
    public:
        turn(keyed_mutex& queue, std::string key) : queue_(&queue), key_(std::move(key)) {}
        turn(turn&& other) noexcept
            : queue_(std::exchange(other.queue_, nullptr)), key_(std::move(other.key_))
        {
        }
        turn& operator=(turn&&) = delete;
        ~turn()
        {
            if (queue_) queue_->release(key_);
        }

    private:
        keyed_mutex* queue_;
        std::string key_;
    };

    boost::asio::awaitable<turn> take(std::string key);

private:
    using waiting = std::deque<completion<bool>>;

    bool try_take(const std::string& key);
    void enqueue(const std::string& key, completion<bool> waiter);
    void release(const std::string& key);

    std::mutex mutex_;
    std::unordered_map<std::string, waiting> taken_;  // guarded by mutex_
};

}  // namespace ocpi
