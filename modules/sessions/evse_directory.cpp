#include "modules/sessions/evse_directory.hpp"

#include "ocpi/base/ci_string.hpp"

#include <string_view>

namespace ocpi::sessions {
namespace {

enum class fit { none, any, exact };

fit compare(std::string_view pattern, std::string_view text)
{
    if (pattern == "*") return fit::any;
    return equal_ignoring_case(pattern, text) ? fit::exact : fit::none;
}

}  // namespace

boost::asio::awaitable<result<std::optional<evse>>> configured_evse_directory::find(
    party owner, std::string location_id, std::string evse_uid)
{
    const configured_evse* best = nullptr;
    auto best_fit = std::pair(fit::none, fit::none);
    for (const auto& entry : entries_) {
        if (!(entry.owner == owner)) continue;
        const auto fits =
            std::pair(compare(entry.location_id, location_id), compare(entry.evse_uid, evse_uid));
        if (fits.first == fit::none || fits.second == fit::none || fits <= best_fit) continue;
        best = &entry;
        best_fit = fits;
    }
    std::optional<evse> found;
    if (best) found = best->evse;
    co_return found;
}

}  // namespace ocpi::sessions
