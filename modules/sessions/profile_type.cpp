#include "modules/sessions/profile_type.hpp"

#include <algorithm>
#include <cstddef>

namespace ocpi::sessions {

std::string_view to_string(profile_type type) noexcept
{
    return profile_type_names[static_cast<std::size_t>(type)];
}

std::optional<profile_type> parse_profile_type(std::string_view text) noexcept
{
    const auto* const found = std::find(profile_type_names.begin(), profile_type_names.end(), text);
    if (found == profile_type_names.end()) return {};
    return static_cast<profile_type>(found - profile_type_names.begin());
}

}  // namespace ocpi::sessions
