#include "modules/sessions/recent_sessions.hpp"

namespace ocpi::sessions {

std::optional<known_session> recent_sessions::find(const std::string& key) const
{
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return {};
    return found->second->session;
}

void recent_sessions::remember(const std::string& key, known_session session)
{
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
        bytes_ -= size_of(*found->second);
        by_age_.erase(found->second);
        by_key_.erase(found);
    }
    remembered latest{key, std::move(session)};
    if (size_of(latest) > most_bytes_ / 8) return;  // it would push out many others
    by_age_.push_front(std::move(latest));
    by_key_.emplace(key, by_age_.begin());
    bytes_ += size_of(by_age_.front());
    while (bytes_ > most_bytes_) forget_oldest();
}

std::size_t recent_sessions::size_of(const remembered& entry)
{
    constexpr std::size_t bookkeeping = 256;
    return entry.session.json.capacity() + bookkeeping;
}

void recent_sessions::forget_oldest()
{
    bytes_ -= size_of(by_age_.back());
    by_key_.erase(by_age_.back().key);
    by_age_.pop_back();
}

}  // namespace ocpi::sessions
