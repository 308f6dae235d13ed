#include "crud/sqlite/read_queue.hpp"

#include "crud/errors.hpp"

#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// So that the last of them does not keep the first from its answer for long.
constexpr std::size_t max_finds_at_once = 16;

job_pointer pop(std::deque<job_pointer>& from)
{
    auto first = std::move(from.front());
    from.pop_front();
    return first;
}

}  // namespace

void read_queue::push(read_kind kind, job_pointer next)
{
    if (!try_push(kind, next)) next->fail(store_overloaded());
}

bool read_queue::try_push(read_kind kind, job_pointer& next)
{
    const std::lock_guard lock(mutex_);
    auto& queue = kind == read_kind::find ? finds_ : lists_;
    if (closed_ || queue.size() >= capacity_) return false;
    queue.push_back(std::move(next));
    // Under the lock: once it is released the job may be done and the queue gone.
    wake_one(kind);
    return true;
}

/// A find goes to a thread that takes nothing else, if enough of them wait.
void read_queue::wake_one(read_kind kind)
{
    if (kind == read_kind::list || finds_.size() > idle_finders_) any_came_.notify_one();
    if (kind == read_kind::find) find_came_.notify_one();
}

read_queue::batch read_queue::take(reader_duty duty)
{
    std::unique_lock lock(mutex_);
    if (duty == reader_duty::finds) {
        ++idle_finders_;
        find_came_.wait(lock, [this] { return closed_ || !finds_.empty(); });
        --idle_finders_;
    } else {
        any_came_.wait(lock, [this] { return closed_ || !finds_.empty() || !lists_.empty(); });
    }
    return take_any(duty);
}

read_queue::batch read_queue::take_any(reader_duty duty)
{
    batch taken;
    const bool may_list = duty == reader_duty::lists_first ||
                          (duty == reader_duty::in_turn && (finds_.empty() || !was_list_));
    was_list_ = may_list && !lists_.empty();
    taken.kind = was_list_ ? read_kind::list : read_kind::find;
    auto& from = was_list_ ? lists_ : finds_;
    const auto count = duty == reader_duty::finds ? max_finds_at_once : 1;
    while (taken.jobs.size() < count && !from.empty()) taken.jobs.push_back(pop(from));
    return taken;
}

std::size_t read_queue::size(read_kind kind) const
{
    const std::lock_guard lock(mutex_);
    return kind == read_kind::find ? finds_.size() : lists_.size();
}

void read_queue::close()
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    find_came_.notify_all();
    any_came_.notify_all();
}

}  // namespace ocpi::crud::sqlite
