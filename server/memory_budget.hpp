#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string>

namespace ocpi::server {

/// How many bytes something may take up in all, over many owners. From any thread.
class memory_budget {
public:
    explicit memory_budget(std::size_t bytes) : bytes_(bytes) {}

    /// False, and nothing is taken, when less than `count` bytes are left.
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

/// What one owner has of a budget; it goes back at the end.
class memory_share {
public:
    /// The budget must outlive the share.
    explicit memory_share(memory_budget& of) noexcept : budget_(of) {}
    ~memory_share() { release(); }
    memory_share(const memory_share&) = delete;
    memory_share& operator=(const memory_share&) = delete;

    /// Makes room in `text` for `length` bytes, at least doubling what it has, so that a text
    /// that grows is seldom copied. False, and nothing has changed, when the budget is used up.
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
