#include "modules/sessions/session_cache.hpp"

namespace ocpi::sessions {

std::optional<known_session> session_cache::find(const std::string& key) const
{
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return {};
    return found->second->session;
}

void session_cache::remember(const std::string& key, known_session session)
{
    const std::lock_guard lock(mutex_);
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) {
        bytes_ -= size_of(*found->second);
        by_age_.erase(found->second);
        by_key_.erase(found);
    }
    remembered latest{key, std::move(session)};
    if (size_of(latest) > max_bytes_ / 8) return;  // it would push out many others
    by_age_.push_front(std::move(latest));
    by_key_.emplace(key, by_age_.begin());
    bytes_ += size_of(by_age_.front());
    while (bytes_ > max_bytes_) forget_oldest();
}

std::size_t session_cache::size_of(const remembered& entry)
{
    constexpr std::size_t bookkeeping = 256;
    return entry.session.json.capacity() + bookkeeping;
}

void session_cache::forget_oldest()
{
    bytes_ -= size_of(by_age_.back());
    by_key_.erase(by_age_.back().key);
    by_age_.pop_back();
}

}  // namespace ocpi::sessions
