#pragma once

#include "app/progress_bar.hpp"
#include "crud/sqlite/backup.hpp"
#include "crud/store_contents.hpp"

#include <cstddef>
#include <cstdio>
#include <string>

namespace ocpi::app {

/// Progress of a backup as one line for a terminal of that many columns. Leaves the last column
/// free.
std::string draw_backup_line(const crud::sqlite::backup_progress& so_far, std::size_t columns);

/// What a database holds, a line for each module, then the number of records, the last revision and
/// the hash: the same for a backup, for what is restored from it and for what it is migrated to.
std::string describe_contents(const crud::store_contents& contents);

/// Shows the progress as step_display does.
class backup_display {
public:
    explicit backup_display(std::FILE* out) : display_(out) {}

    void show(const crud::sqlite::backup_progress& so_far);

private:
    step_display display_;
};

}  // namespace ocpi::app
