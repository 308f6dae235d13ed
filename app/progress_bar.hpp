#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ocpi::app {

/// Beyond the one a bar only takes room, below the other it says less than the numbers.
inline constexpr std::size_t max_bar_width = 50;
inline constexpr std::size_t min_bar_width = 8;

/// `[###.......]` with `width` characters between the brackets. A total of 0 is complete.
std::string draw_bar(std::uint64_t done, std::uint64_t total, std::size_t width);

/// `30%`, rounded down.
std::string percent_of(std::uint64_t done, std::uint64_t total);

}  // namespace ocpi::app
