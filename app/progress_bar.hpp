#pragma once

#include "app/terminal_line.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ocpi::app {

/// Beyond the one a bar only takes room, below the other it says less than the numbers.
inline constexpr std::size_t max_bar_width = 50;
inline constexpr std::size_t min_bar_width = 8;

/// `[###.......]` with `width` characters between the brackets. A total of 0 is complete.
std::string draw_bar(std::uint64_t done, std::uint64_t total, std::size_t width);

/// `30%`, rounded down.
std::string percent_of(std::uint64_t done, std::uint64_t total);

/// `[###.......] reading the records 30/100 30%` for a terminal of that many columns, whose last
/// one stays free. A total of 0 is not known: no bar.
std::string draw_step_line(const std::string& step, std::uint64_t done, std::uint64_t total,
                           std::size_t columns);

/// Shows the progress of steps on `out`: redrawn in place if that is a terminal, else a line for
/// each step. Not thread safe.
class step_display {
public:
    explicit step_display(std::FILE* out) : out_(out), line_(out) {}

    void show(const std::string& step, std::uint64_t done, std::uint64_t total);

private:
    std::FILE* out_;
    terminal_line line_;
    std::string shown_;
};

}  // namespace ocpi::app
