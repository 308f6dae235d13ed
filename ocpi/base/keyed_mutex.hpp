#pragma once

#include "ocpi/base/completion.hpp"

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace ocpi {

/// Serializes the writers of one key, first come first served, without blocking a thread; different
/// keys are independent. It only avoids retries: lost updates are prevented by the store (a write
/// names the revision it is based on), also between processes. Must outlive its turns.
class keyed_mutex {
public:
    /// A writer's turn, which ends on destruction.
    class lock {
    public:
        lock(keyed_mutex& queue, std::string key) : queue_(&queue), key_(std::move(key)) {}
        lock(lock&& other) noexcept
            : queue_(std::exchange(other.queue_, nullptr)), key_(std::move(other.key_))
        {
        }
        lock& operator=(lock&&) = delete;
        ~lock()
        {
            if (queue_) queue_->release(key_);
        }

    private:
        keyed_mutex* queue_;
        std::string key_;
    };

    boost::asio::awaitable<lock> take(std::string key);

private:
    using waiting = std::deque<completion<bool>>;

    bool try_take(const std::string& key);
    void enqueue(const std::string& key, completion<bool> waiter);
    void release(const std::string& key);

    std::mutex mutex_;
    std::unordered_map<std::string, waiting> taken_;  // guarded by mutex_
};

}  // namespace ocpi
