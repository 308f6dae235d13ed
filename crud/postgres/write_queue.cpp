#include "crud/postgres/write_queue.hpp"

#include "crud/errors.hpp"

namespace ocpi::crud::postgres {

void write_queue::push(waiting_write next)
{
    std::optional<error> refusal;
    {
        const std::lock_guard lock(mutex_);
        refusal = find_refusal();
        if (!refusal) {
            writes_.push_back(std::move(next));
            if (writes_.size() == 1 || writes_.size() == awaited_) changed_.notify();
            return;
        }
    }
    next.answer(*refusal);
}

std::optional<error> write_queue::find_refusal() const
{
    if (refusal_) return refusal_;
    if (is_closed_ || writes_.size() >= capacity_) return store_overloaded();
    return std::nullopt;
}

boost::asio::awaitable<void> write_queue::wait_for(std::size_t writes,
                                                   std::chrono::steady_clock::duration at_most)
{
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (is_short_of(writes)) {
        if (!co_await changed_.wait_until(end)) break;
    }
}

bool write_queue::is_short_of(std::size_t writes)
{
    const std::lock_guard lock(mutex_);
    awaited_ = writes;
    return !is_closed_ && writes_.size() < writes;
}

std::vector<waiting_write> write_queue::take(std::size_t max_writes, std::size_t max_bytes)
{
    const std::lock_guard lock(mutex_);
    std::vector<waiting_write> taken;
    std::size_t bytes = 0;
    while (!writes_.empty() && taken.size() < max_writes) {
        bytes += writes_.front().what.bytes();
        if (!taken.empty() && bytes > max_bytes) break;
        taken.push_back(std::move(writes_.front()));
        writes_.pop_front();
    }
    return taken;
}

void write_queue::refuse(const error& why)
{
    std::deque<waiting_write> refused;
    {
        const std::lock_guard lock(mutex_);
        refusal_ = why;
        refused.swap(writes_);
    }
    for (auto& each : refused) each.answer(why);
}

void write_queue::admit()
{
    const std::lock_guard lock(mutex_);
    refusal_.reset();
}

void write_queue::close()
{
    const std::lock_guard lock(mutex_);
    is_closed_ = true;
    changed_.notify();
}

bool write_queue::is_closed() const
{
    const std::lock_guard lock(mutex_);
    return is_closed_;
}

std::size_t write_queue::size() const
{
    const std::lock_guard lock(mutex_);
    return writes_.size();
}

}  // namespace ocpi::crud::postgres
