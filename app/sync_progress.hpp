#pragma once

#include "modules/exchange/pull.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

namespace ocpi::app {

/// `applied 3, unchanged 40, invalid 0 in 1 pages`: what a pull has done, in the end.
std::string describe_sync(const exchange::pull_summary& summary);

/// How far a pull has come, as one line for a terminal of that many columns: a bar when the
/// partner says how many sessions there are and the line is wide enough, the numbers in any case.
/// Leaves the last column free, where some terminals would begin a new line.
std::string draw_sync_bar(const exchange::pull_summary& so_far, std::size_t columns);

/// How far a pull has come, as a line of a log.
std::string describe_sync_step(const exchange::pull_summary& so_far);

/// True for the pages after which a log gets a line: the first ten, then every tenth, from a
/// hundred on every hundredth, and so on.
bool is_logged_page(std::uint64_t page) noexcept;

/// Shows on `out` how far a pull has come: a bar that is drawn anew after each page when `out` is
/// a terminal, else lines. One thread at a time.
class sync_progress {
public:
    explicit sync_progress(std::FILE* out);
    /// Removes the bar, so that what follows stands on a line of its own.
    ~sync_progress();
    sync_progress(const sync_progress&) = delete;
    sync_progress& operator=(const sync_progress&) = delete;

    void show(const exchange::pull_summary& so_far);

private:
    void draw(const std::string& bar);

    std::FILE* out_;
    bool is_terminal_;
    std::size_t drawn_columns_ = 0;
};

}  // namespace ocpi::app
