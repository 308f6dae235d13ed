#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace ocpi {

/// Values by key in many small tables, each behind a mutex of its own that is held for one look-up
/// and one call: threads with different keys hardly meet. Bounded: beyond `max_size` the values
/// used longest ago are dropped, except those in use, as their `bool is_in_use() const` says. Safe
/// from any thread.
template <class Key, class Value, class Hash = std::hash<Key>>
class sharded_table {
public:
    static constexpr std::size_t shard_count = 64;

    /// The bound is rounded up to a multiple of shard_count.
    explicit sharded_table(std::size_t max_size, Hash hash = Hash())
        : max_shard_size_(std::max<std::size_t>(1, (max_size + shard_count - 1) / shard_count)),
          hash_(hash)
    {
        for (auto& each : shards_) each = std::make_unique<shard>(hash_);
    }

    /// Returns use(value), with the key's value or else a copy of `initial`. `use` must be short,
    /// and must not call the table.
    template <class Use>
    auto use(const Key& key, const Value& initial, Use use)
    {
        auto& of = shard_of(key);
        const std::lock_guard lock(of.mutex);
        auto found = of.by_key.find(key);
        if (found == of.by_key.end()) {
            make_room(of);
            of.by_use.emplace_front(key, initial);
            found = of.by_key.emplace(key, of.by_use.begin()).first;
        } else {
            of.by_use.splice(of.by_use.begin(), of.by_use, found->second);
        }
        return use(found->second->second);
    }

    std::size_t size() const
    {
        std::size_t sum = 0;
        for (const auto& each : shards_) {
            const std::lock_guard lock(each->mutex);
            sum += each->by_key.size();
        }
        return sum;
    }

private:
    using entries = std::list<std::pair<const Key, Value>>;

    /// On a cache line of its own.
    struct alignas(64) shard {
        explicit shard(const Hash& hash) : by_key(8, hash) {}

        std::mutex mutex;
        entries by_use;  // the latest first; guarded by mutex
        std::unordered_map<Key, typename entries::iterator, Hash> by_key;  // guarded by mutex
    };

    shard& shard_of(const Key& key)
    {
        // Not the low bits: they choose the bucket within the shard.
        constexpr std::size_t bits = sizeof(std::size_t) * 8;
        const auto spread = hash_(key) * std::size_t(0x9e3779b97f4a7c15ULL);
        return *shards_[spread >> (bits - 6)];
    }

    /// Drops the one used longest ago. Those in use go to the front, so that each is met once a
    /// round; when all are in use, the bound is exceeded.
    void make_room(shard& of)
    {
        const auto count = of.by_key.size();
        if (count < max_shard_size_) return;
        for (std::size_t met = 0; met < count; ++met) {
            const auto last = std::prev(of.by_use.end());
            if (!last->second.is_in_use()) {
                of.by_key.erase(last->first);
                of.by_use.erase(last);
                return;
            }
            of.by_use.splice(of.by_use.begin(), of.by_use, last);
        }
    }

    static_assert(shard_count == 64, "shard_of takes six bits");

    const std::size_t max_shard_size_;
    const Hash hash_;
    std::array<std::unique_ptr<shard>, shard_count> shards_;
};

}  // namespace ocpi
