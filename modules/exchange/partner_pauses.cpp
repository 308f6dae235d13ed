#include "modules/exchange/partner_pauses.hpp"

#include "ocpi/base/ci_string.hpp"

namespace ocpi::exchange {

void partner_pauses::note(std::string_view partner, clock::duration pause, clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    ends_[fold_case(partner)] = now + pause;
}

std::optional<std::chrono::milliseconds> partner_pauses::find(std::string_view partner,
                                                              clock::time_point now)
{
    const std::lock_guard lock(mutex_);
    const auto asked = ends_.find(fold_case(partner));
    if (asked == ends_.end()) return std::nullopt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(asked->second - now);
    if (left.count() > 0) return left;
    ends_.erase(asked);
    return std::nullopt;
}

}  // namespace ocpi::exchange
