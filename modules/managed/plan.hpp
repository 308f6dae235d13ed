#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ocpi::managed {

/// Why energy flows or is planned to flow.
enum class block_type : std::uint8_t { battery_reserve, regular, immediate_start };

/// `BATTERY_RESERVE`, `REGULAR`, `IMMEDIATE_START`.
std::string_view to_string(block_type type) noexcept;
std::optional<block_type> parse_block_type(std::string_view text) noexcept;

/// A period in which the vehicle is planned to charge at full power.
struct planned_block {
    block_type type = block_type::regular;
    date_time start;
    date_time end;
    rational kwh;

    friend bool operator==(const planned_block&, const planned_block&) = default;
};

/// In order of time, without overlap; adjacent blocks differ in type.
using plan = std::vector<planned_block>;

}  // namespace ocpi::managed
