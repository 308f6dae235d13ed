#include "ocpi/base/keyed_mutex.hpp"

namespace ocpi {

boost::asio::awaitable<keyed_mutex::lock> keyed_mutex::take(std::string key)
{
    if (!try_take(key)) {
        auto wait = [this, &key](completion<bool> waiter) { enqueue(key, std::move(waiter)); };
        co_await await_completion<bool>(wait);
    }
    co_return lock(*this, std::move(key));
}

bool keyed_mutex::try_take(const std::string& key)
{
    const std::lock_guard guard(mutex_);
    return taken_.try_emplace(key).second;
}

void keyed_mutex::enqueue(const std::string& key, completion<bool> waiter)
{
    {
        const std::lock_guard guard(mutex_);
        const auto [place, is_free] = taken_.try_emplace(key);
        if (!is_free) {
            place->second.push_back(std::move(waiter));
            return;
        }
    }
    waiter(true);
}

void keyed_mutex::release(const std::string& key)
{
    completion<bool> next;
    {
        const std::lock_guard guard(mutex_);
        const auto place = taken_.find(key);
        if (place->second.empty()) {
            taken_.erase(place);
            return;
        }
        next = std::move(place->second.front());
        place->second.pop_front();
    }
    next(true);
}

}  // namespace ocpi
