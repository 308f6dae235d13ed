#include "ocpi/base/log_limiter.hpp"

#include <algorithm>
#include <utility>

namespace ocpi {

std::optional<std::uint64_t> log_limiter::admit(std::string_view key, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    std::string name(key);
    const auto known = entries_.find(name);
    if (known == entries_.end()) {
        if (entries_.size() >= max_keys_) drop_oldest();
        entry first;
        first.written_at = now;
        entries_.emplace(std::move(name), first);
        return 0;
    }
    auto& last = known->second;
    if (now - last.written_at < interval_) {
        ++last.held_back;
        return std::nullopt;
    }
    last.written_at = now;
    return std::exchange(last.held_back, 0);
}

std::uint64_t log_limiter::reset(std::string_view key)
{
    const std::lock_guard lock(mutex_);
    const auto known = entries_.find(std::string(key));
    if (known == entries_.end()) return 0;
    const auto held_back = known->second.held_back;
    entries_.erase(known);
    return held_back;
}

void log_limiter::drop_oldest()
{
    const auto oldest = std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& a, const auto& b) { return a.second.written_at < b.second.written_at; });
    if (oldest != entries_.end()) entries_.erase(oldest);
}

}  // namespace ocpi
