#include "crud/sqlite/backup.hpp"
#include "app/backup_progress.hpp"
#include "app/commands.hpp"
#include "app/database.hpp"
#include "crud/sqlite/last_stop.hpp"

#include <csignal>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace ocpi::app {
namespace {

using crud::sqlite::backup_contents;
using crud::sqlite::backup_report;

constexpr int exit_damaged = 1;

/// A file size limit is met as a write that fails, like a full disk.
void ignore_file_size_signal()
{
    std::signal(SIGXFSZ, SIG_IGN);
}

/// `work`: a function from the report of its progress to what the copy holds.
template <class Work>
int run_copy(const std::string& done, Work work)
{
    ignore_file_size_signal();
    std::optional<backup_display> display(std::in_place, stderr);
    const backup_report report = [&](const auto& so_far) { display->show(so_far); };
    try {
        const backup_contents contents = work(report);
        display.reset();
        std::fprintf(stderr, "%s\n", done.c_str());
        std::printf("%s", describe_contents(contents).c_str());
        return 0;
    } catch (const crud::sqlite::damaged_database& damage) {
        display.reset();
        std::fprintf(stderr, "ocpi-sessions: %s\n", damage.what());
        return exit_damaged;
    }
}

}  // namespace

int back_up(const std::string& database, const std::string& file)
{
    const auto path = sqlite_path(database);
    require_existing(database);
    if (const auto lost = crud::sqlite::find_lost_writes(path)) {
        std::fprintf(stderr, "warning: %s\n", lost->c_str());
    }
    const auto copy = [&](const backup_report& report) {
        return crud::sqlite::back_up(path, file, report);
    };
    return run_copy("backed up " + path + " to " + file, copy);
}

int restore(const std::string& database, const std::string& file)
{
    const auto path = sqlite_path(database);
    const auto copy = [&](const backup_report& report) {
        return crud::sqlite::restore(file, path, report);
    };
    return run_copy("restored " + path + " from " + file, copy);
}

}  // namespace ocpi::app
