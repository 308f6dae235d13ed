#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ocpi::managed {

enum class target_type : std::uint8_t { regular, immediate_start };

/// In the order of the enumeration.
inline constexpr std::array<std::string_view, 2> target_type_names{"REGULAR", "IMMEDIATE_START"};

/// `REGULAR`, `IMMEDIATE_START`.
std::string_view to_string(target_type type) noexcept;
std::optional<target_type> parse_target_type(std::string_view text) noexcept;

enum class target_source : std::uint8_t { policy, user_override };

/// `POLICY`, `USER_OVERRIDE`.
std::string_view to_string(target_source source) noexcept;

/// The target of a session.
struct target {
    target_type type = target_type::regular;
    target_source source = target_source::policy;
    /// Percent of the battery.
    decimal minimum_charge_target;
    /// For a REGULAR target.
    std::optional<date_time> ready_by;

    friend bool operator==(const target&, const target&) = default;
};

}  // namespace ocpi::managed
