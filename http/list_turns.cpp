#include "http/list_turns.hpp"

#include <utility>

namespace ocpi::http {
namespace {

std::string name_of(const auth::principal& caller)
{
    if (!caller.token_hash.empty()) return caller.token_hash;
    return std::string(to_string(caller.kind)) + ' ' + caller.name;
}

error too_many_lists()
{
    return error(errc::overloaded,
                 "too many lists of this caller are under way; try again in a moment");
}

}  // namespace

class list_turns::turn {
public:
    turn(std::shared_ptr<list_turns> turns, std::string name)
        : turns_(std::move(turns)), name_(std::move(name))
    {
    }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    ~turn() { turns_->leave(name_); }

private:
    const std::shared_ptr<list_turns> turns_;
    const std::string name_;
};

boost::asio::awaitable<result<std::shared_ptr<const void>>> list_turns::take(
    const auth::principal& caller)
{
    auto name = name_of(caller);
    bool is_taken = try_take(name);
    if (!is_taken) {
        auto wait = [this, &name](completion<bool> waiter) { enqueue(name, std::move(waiter)); };
        is_taken = co_await await_completion<bool>(wait);
    }
    if (!is_taken) co_return too_many_lists();
    co_return std::make_shared<const turn>(shared_from_this(), std::move(name));
}

bool list_turns::try_take(const std::string& name)
{
    const std::lock_guard lock(mutex_);
    return take_in(lanes_[name]);
}

bool list_turns::take_in(lane& of) const
{
    if (of.under_way >= limits_.at_a_time) return false;
    ++of.under_way;
    return true;
}

/// The waiter learns whether it has a turn: at once when one has become free, or when too many wait
/// already.
void list_turns::enqueue(const std::string& name, completion<bool> waiter)
{
    bool is_taken = false;
    {
        const std::lock_guard lock(mutex_);
        lane& of = lanes_[name];
        is_taken = take_in(of);
        if (!is_taken && of.waiting.size() < limits_.waiting) {
            of.waiting.push_back(std::move(waiter));
            return;
        }
    }
    waiter(is_taken);
}

/// Hands the turn on to the caller's next.
void list_turns::leave(const std::string& name)
{
    completion<bool> next;
    {
        const std::lock_guard lock(mutex_);
        const auto place = lanes_.find(name);
        lane& of = place->second;
        if (of.waiting.empty()) {
            if (--of.under_way == 0) lanes_.erase(place);
            return;
        }
        next = std::move(of.waiting.front());
        of.waiting.pop_front();
    }
    next(true);
}

}  // namespace ocpi::http
