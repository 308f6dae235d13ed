#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace ocpi::protocol {

/// The OCPI versions supported by this server, lowest first.
enum class version { v2_2_1, v2_3_0 };

inline constexpr std::array<version, 2> all_versions{version::v2_2_1, version::v2_3_0};

/// `2.2.1`, `2.3.0`: OCPI's VersionNumber, also used in paths.
std::string_view to_string(version of) noexcept;
std::optional<version> parse_version(std::string_view text) noexcept;

}  // namespace ocpi::protocol
