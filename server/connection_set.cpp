#include "server/connection_set.hpp"

#include "server/connection.hpp"

namespace ocpi::server {

connection_set::admission connection_set::enter(connection& newcomer)
{
    const std::lock_guard lock(mutex_);
    if (closed_ || members_.size() >= regular_seats_ + overflow_seats) return admission::none;
    members_.insert(&newcomer);
    return members_.size() <= regular_seats_ ? admission::regular : admission::overflow;
}

void connection_set::leave(connection& leaver) noexcept
{
    std::function<void()> on_empty;
    {
        const std::lock_guard lock(mutex_);
        if (members_.erase(&leaver) == 0 || !members_.empty() || !closed_) return;
        on_empty = on_empty_;
    }
    if (on_empty) on_empty();
}

void connection_set::close(std::function<void()> on_empty)
{
    const std::lock_guard lock(mutex_);
    closed_ = true;
    on_empty_ = std::move(on_empty);
}

std::vector<std::shared_ptr<connection>> connection_set::all() const
{
    std::vector<std::shared_ptr<connection>> found;
    const std::lock_guard lock(mutex_);
    found.reserve(members_.size());
    for (auto* member : members_) {
        if (auto alive = member->weak_from_this().lock()) found.push_back(std::move(alive));
    }
    return found;
}

std::size_t connection_set::size() const
{
    const std::lock_guard lock(mutex_);
    return members_.size();
}

}  // namespace ocpi::server
