#pragma once

#include "app/terminal_line.hpp"
#include "modules/exchange/pull.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ocpi::app {

/// `applied 3, unchanged 40, invalid 0 in 1 pages`: the result of a pull.
std::string describe_sync(const exchange::pull_summary& summary);

/// Progress of a pull as one line for a terminal of that many columns: a bar when the partner
/// announces the number of sessions and the line is wide enough, the numbers in any case. Leaves
/// the last column free, where some terminals would wrap.
std::string draw_sync_bar(const exchange::pull_summary& so_far, std::size_t columns);

/// Progress of a pull as a log line.
std::string describe_sync_step(const exchange::pull_summary& so_far);

/// True for the pages that get a log line: the first ten, then every tenth, from a hundred on every
/// hundredth, and so on.
bool is_logged_page(std::uint64_t page) noexcept;

/// Shows the progress of a pull on `out`: a bar redrawn after each page if `out` is a terminal,
/// else lines. Not thread safe.
class sync_progress {
public:
    explicit sync_progress(std::FILE* out) : out_(out), line_(out) {}

    void show(const exchange::pull_summary& so_far);

private:
    std::FILE* out_;
    terminal_line line_;
};

}  // namespace ocpi::app
