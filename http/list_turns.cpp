#include "http/list_turns.hpp"

#include "http/caller_key.hpp"

#include <limits>
#include <utility>

namespace ocpi::http {
namespace {

/// The lane of all lists that are being made; no caller_key is empty.
const std::string all_callers;

error too_many_lists()
{
    return error(errc::overloaded,
                 "too many lists of this caller are under way; try again in a moment");
}

}  // namespace

class list_turns::place {
public:
    place(std::shared_ptr<list_turns> turns, std::string name)
        : turns_(std::move(turns)), name_(std::move(name))
    {
    }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() { turns_->leave(name_); }

private:
    const std::shared_ptr<list_turns> turns_;
    const std::string name_;
};

/// The caller's place comes first: who waits for its own earlier answers to be sent is in nobody's
/// way.
boost::asio::awaitable<result<list_turns::turn>> list_turns::take(const auth::principal& caller)
{
    auto name = caller_key(caller);
    turn taken;
    taken.until_sent = co_await enter(std::move(name));
    if (!taken.until_sent) co_return too_many_lists();
    taken.until_written = co_await enter(all_callers);
    co_return taken;
}

/// nullptr when too many wait for a place already.
boost::asio::awaitable<std::shared_ptr<const void>> list_turns::enter(std::string name)
{
    bool is_taken = try_take(name);
    if (!is_taken) {
        auto wait = [this, &name](completion<bool> waiter) { enqueue(name, std::move(waiter)); };
        is_taken = co_await await_completion<bool>(wait);
    }
    if (!is_taken) co_return nullptr;
    co_return std::make_shared<const place>(shared_from_this(), std::move(name));
}

std::size_t list_turns::places(const std::string& name) const
{
    return name.empty() ? limits_.being_made : limits_.at_a_time;
}

bool list_turns::try_take(const std::string& name)
{
    const std::lock_guard lock(mutex_);
    return take_in(lanes_[name], places(name));
}

bool list_turns::take_in(lane& of, std::size_t places) const
{
    if (of.under_way >= places) return false;
    ++of.under_way;
    return true;
}

/// The waiter learns whether it has a turn: at once when one has become free, or when too many wait
/// already. All that have a place of their caller may wait to be made.
void list_turns::enqueue(const std::string& name, completion<bool> waiter)
{
    const auto waiting = name.empty() ? std::numeric_limits<std::size_t>::max() : limits_.waiting;
    bool is_taken = false;
    {
        const std::lock_guard lock(mutex_);
        lane& of = lanes_[name];
        is_taken = take_in(of, places(name));
        if (!is_taken && of.waiting.size() < waiting) {
            of.waiting.push_back(std::move(waiter));
            return;
        }
    }
    waiter(is_taken);
}

/// Hands the turn on to the next in the lane.
void list_turns::leave(const std::string& name)
{
    completion<bool> next;
    {
        const std::lock_guard lock(mutex_);
        const auto found = lanes_.find(name);
        lane& of = found->second;
        if (of.waiting.empty()) {
            if (--of.under_way == 0) lanes_.erase(found);
            return;
        }
        next = std::move(of.waiting.front());
        of.waiting.pop_front();
    }
    next(true);
}

}  // namespace ocpi::http
