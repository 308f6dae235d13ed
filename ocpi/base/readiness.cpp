#include "ocpi/base/readiness.hpp"

#include <utility>

namespace ocpi {

void readiness::report(std::string_view component, std::string reason)
{
    const std::lock_guard lock(mutex_);
    reasons_.insert_or_assign(std::string(component), std::move(reason));
}

void readiness::clear(std::string_view component)
{
    const std::lock_guard lock(mutex_);
    const auto found = reasons_.find(component);
    if (found != reasons_.end()) reasons_.erase(found);
}

std::vector<std::string> readiness::reasons() const
{
    std::vector<std::string> all;
    const std::lock_guard lock(mutex_);
    for (const auto& [component, reason] : reasons_) all.push_back(reason);
    return all;
}

}  // namespace ocpi
