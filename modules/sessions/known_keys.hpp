#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ocpi::sessions {

/// Guesses whether a session exists: remembers most of those that this process has written, in one
/// mebibyte. A wrong guess costs a trip to the store. Safe from any thread.
class known_keys {
public:
    void add(const std::string& key)
    {
        const auto hash = std::hash<std::string>()(key);
        slot_of(hash).store(tag_of(hash), std::memory_order_relaxed);
    }

    bool contains(const std::string& key) const
    {
        const auto hash = std::hash<std::string>()(key);
        return slot_of(hash).load(std::memory_order_relaxed) == tag_of(hash);
    }

private:
    static constexpr std::size_t size = 256 * 1024;
    using slots = std::array<std::atomic<std::uint32_t>, size>;

    /// 0 is that of an empty slot.
    static std::uint32_t tag_of(std::size_t hash)
    {
        return static_cast<std::uint32_t>(hash >> 32U) | 1U;
    }

    std::atomic<std::uint32_t>& slot_of(std::size_t hash) const { return (*slots_)[hash % size]; }

    /// Zeroed, and without memory of its own until it is written to.
    const std::unique_ptr<slots> slots_ = std::make_unique<slots>();
};

}  // namespace ocpi::sessions
