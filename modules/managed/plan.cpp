#include "modules/managed/plan.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace ocpi::managed {
namespace {

/// In the order of the enumeration.
constexpr std::array<std::string_view, 3> block_type_names{"BATTERY_RESERVE", "REGULAR",
                                                           "IMMEDIATE_START"};

}  // namespace

std::string_view to_string(block_type type) noexcept
{
    return block_type_names[static_cast<std::size_t>(type)];
}

std::optional<block_type> parse_block_type(std::string_view text) noexcept
{
    const auto* const found = std::find(block_type_names.begin(), block_type_names.end(), text);
    if (found == block_type_names.end()) return {};
    return static_cast<block_type>(found - block_type_names.begin());
}

}  // namespace ocpi::managed
