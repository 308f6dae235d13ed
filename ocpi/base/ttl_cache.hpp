#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace ocpi {

/// Values that are good for a while after they were put. When there are `max_size` of them, all are
/// dropped before the next is put. Safe from any thread.
template <class Key, class Value>
class ttl_cache {
public:
    using clock = std::chrono::steady_clock;

    ttl_cache(clock::duration time_to_live, std::size_t max_size)
        : time_to_live_(time_to_live), max_size_(max_size)
    {
    }

    /// A copy; std::nullopt from the end of its time on.
    std::optional<Value> find(const Key& key, clock::time_point now = clock::now())
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return std::nullopt;
        if (now < found->second.end) return found->second.value;
        entries_.erase(found);
        return std::nullopt;
    }

    /// Replaces the key's value; its time begins now.
    void put(const Key& key, Value value, clock::time_point now = clock::now())
    {
        const std::lock_guard lock(mutex_);
        if (entries_.size() >= max_size_) entries_.clear();
        entries_.insert_or_assign(key, entry(std::move(value), now + time_to_live_));
    }

private:
    struct entry {
        Value value;
        clock::time_point end;

        entry(Value kept, clock::time_point until) : value(std::move(kept)), end(until) {}
    };

    const clock::duration time_to_live_;
    const std::size_t max_size_;
    std::mutex mutex_;
    std::unordered_map<Key, entry> entries_;  // guarded by mutex_
};

}  // namespace ocpi
