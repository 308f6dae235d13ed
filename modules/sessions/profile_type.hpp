#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ocpi::sessions {

/// A driver's charging preference [sessions, ProfileType]; the order is that of profile_type_names.
enum class profile_type : std::uint8_t { cheap, fast, green, regular };

inline constexpr std::array<std::string_view, 4> profile_type_names{"CHEAP", "FAST", "GREEN",
                                                                    "REGULAR"};

/// `CHEAP`, … as in OCPI JSON.
std::string_view to_string(profile_type type) noexcept;
std::optional<profile_type> parse_profile_type(std::string_view text) noexcept;

}  // namespace ocpi::sessions
