#include "modules/managed/target.hpp"

#include <algorithm>
#include <cstddef>

namespace ocpi::managed {

std::string_view to_string(target_type type) noexcept
{
    return target_type_names[static_cast<std::size_t>(type)];
}

std::optional<target_type> parse_target_type(std::string_view text) noexcept
{
    const auto* const found = std::find(target_type_names.begin(), target_type_names.end(), text);
    if (found == target_type_names.end()) return {};
    return static_cast<target_type>(found - target_type_names.begin());
}

std::string_view to_string(target_source source) noexcept
{
    return source == target_source::policy ? "POLICY" : "USER_OVERRIDE";
}

}  // namespace ocpi::managed
