#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace ocpi {

/// The values that were put or found last, bounded by the sum of their costs: bytes, or 1 each.
/// Beyond, those that were used longest ago are dropped. Safe from any thread.
template <class Key, class Value>
class lru_cache {
public:
    explicit lru_cache(std::size_t max_cost) : max_cost_(max_cost) {}

    /// A copy.
    std::optional<Value> find(const Key& key)
    {
        const std::lock_guard lock(mutex_);
        const auto found = by_key_.find(key);
        if (found == by_key_.end()) return std::nullopt;
        by_use_.splice(by_use_.begin(), by_use_, found->second);
        return found->second->value;
    }

    /// Replaces the key's value. One that costs more than all may cost together is not kept.
    void put(const Key& key, Value value, std::size_t cost = 1)
    {
        const std::lock_guard lock(mutex_);
        drop(by_key_.find(key));
        if (cost > max_cost_) return;
        by_use_.emplace_front(key, std::move(value), cost);
        by_key_.emplace(key, by_use_.begin());
        cost_ += cost;
        while (cost_ > max_cost_) drop(by_key_.find(by_use_.back().key));
    }

    void erase(const Key& key)
    {
        const std::lock_guard lock(mutex_);
        drop(by_key_.find(key));
    }

    void clear()
    {
        const std::lock_guard lock(mutex_);
        by_key_.clear();
        by_use_.clear();
        cost_ = 0;
    }

private:
    struct entry {
        Key key;
        Value value;
        std::size_t cost;

        entry(Key of, Value kept, std::size_t costs)
            : key(std::move(of)), value(std::move(kept)), cost(costs)
        {
        }
    };
    using entries = std::list<entry>;
    using index = std::unordered_map<Key, typename entries::iterator>;

    void drop(typename index::iterator at)
    {
        if (at == by_key_.end()) return;
        cost_ -= at->second->cost;
        by_use_.erase(at->second);
        by_key_.erase(at);
    }

    const std::size_t max_cost_;
    std::mutex mutex_;
    entries by_use_;  // the latest first; guarded by mutex_, like what follows
    index by_key_;
    std::size_t cost_ = 0;
};

}  // namespace ocpi
