#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>

namespace ocpi::server {

/// A byte budget shared by many owners. Safe from any thread.
class memory_budget {
public:
    explicit memory_budget(std::size_t bytes) : bytes_(bytes) {}

    /// False without effect when less than `count` bytes are left.
    bool take(std::size_t count) noexcept
    {
        auto used = used_.load(std::memory_order_relaxed);
        do {
            if (count > bytes_ - used) return false;
        } while (!used_.compare_exchange_weak(used, used + count, std::memory_order_relaxed));
        return true;
    }
    void give_back(std::size_t count) noexcept
    {
        used_.fetch_sub(count, std::memory_order_relaxed);
    }
    std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }

private:
    const std::size_t bytes_;
    std::atomic<std::size_t> used_ = 0;
};

/// One owner's share of a budget, returned on destruction.
class memory_share {
public:
    /// The budget must outlive the share.
    explicit memory_share(memory_budget& of) noexcept : budget_(of) {}
    ~memory_share() { release(); }
    memory_share(const memory_share&) = delete;
    memory_share& operator=(const memory_share&) = delete;

    /// Reserves `length` bytes in `text`, at least doubling its capacity, so that a growing text is
    /// seldom copied. False without effect when the budget is exhausted.
    bool make_room(std::string& text, std::size_t length)
    {
        if (length <= text.capacity()) return true;
        const auto wanted = std::max(length, 2 * text.capacity());
        const auto more = wanted > bytes_ ? wanted - bytes_ : 0;
        if (!budget_.take(more)) return false;
        bytes_ += more;
        text.reserve(wanted);
        return true;
    }

    void release() noexcept
    {
        budget_.give_back(bytes_);
        bytes_ = 0;
    }

private:
    memory_budget& budget_;
    std::size_t bytes_ = 0;
};

}  // namespace ocpi::server
