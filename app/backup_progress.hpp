#pragma once

#include "app/terminal_line.hpp"
#include "crud/sqlite/backup.hpp"

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

namespace ocpi::app {

/// Progress of a backup as one line for a terminal of that many columns. Leaves the last column
/// free.
std::string draw_backup_line(const crud::sqlite::backup_progress& so_far, std::size_t columns);

/// What a database holds, a line for each module, then the number of records, the last revision and
/// the hash: the same for a backup and what is restored from it.
std::string describe_contents(const crud::sqlite::backup_contents& contents);

/// Shows the progress on `out`: redrawn in place if that is a terminal, else a line for each step.
/// Not thread safe.
class backup_display {
public:
    explicit backup_display(std::FILE* out) : out_(out), line_(out) {}

    void show(const crud::sqlite::backup_progress& so_far);

private:
    std::FILE* out_;
    terminal_line line_;
    std::optional<crud::sqlite::backup_step> shown_;
};

}  // namespace ocpi::app
