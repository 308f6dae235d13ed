#include "app/backup_progress.hpp"
#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/progress_bar.hpp"
#include "crud/postgres/record_copy.hpp"
#include "crud/postgres/url.hpp"
#include "crud/record_copy.hpp"
#include "crud/sqlite/backup.hpp"
#include "crud/sqlite/last_stop.hpp"
#include "crud/sqlite/record_copy.hpp"

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace ocpi::app {
namespace {

constexpr int exit_differs = 1;

bool is_server(const std::string& url)
{
    return crud::postgres::is_postgres_url(url);
}

/// As it may be shown.
std::string name_of(const std::string& url)
{
    return is_server(url) ? crud::postgres::without_password(url) : sqlite_path(url);
}

crud::postgres::connection_options server_options(const std::string& url,
                                                  const migrate_arguments& arguments)
{
    crud::postgres::connection_options options;
    options.url = url;
    options.allow_lost_writes = arguments.allow_lost_writes;
    const auto& file = arguments.password_file;
    if (!file.empty()) options.password = read_database_password(file);
    return options;
}

std::unique_ptr<crud::record_source> open_source(const migrate_arguments& arguments)
{
    const auto& url = arguments.from;
    if (is_server(url)) return crud::postgres::open_record_source(server_options(url, arguments));
    require_existing(url);
    const auto path = sqlite_path(url);
    if (const auto lost = crud::sqlite::find_lost_writes(path)) {
        std::fprintf(stderr, "warning: %s\n", lost->c_str());
    }
    return crud::sqlite::open_record_source(path);
}

std::unique_ptr<crud::record_sink> open_sink(const migrate_arguments& arguments)
{
    const auto& url = arguments.to;
    if (is_server(url)) return crud::postgres::open_record_sink(server_options(url, arguments));
    return crud::sqlite::open_record_sink(sqlite_path(url));
}

class migrate_display {
public:
    void show(const crud::copy_progress& so_far)
    {
        if (!is_resumed_ && so_far.skipped > 0) {
            std::fprintf(stderr, "going on with the copy that was interrupted\n");
            is_resumed_ = true;
        }
        const bool copies = so_far.step == crud::copy_step::copy;
        display_->show(copies ? "copying the records" : "verifying the copy", so_far.records,
                       so_far.total);
    }
    /// Removes the line.
    void end() { display_.reset(); }

private:
    std::optional<step_display> display_{std::in_place, stderr};
    bool is_resumed_ = false;
};

}  // namespace

int migrate(const migrate_arguments& arguments)
{
    // A file size limit is met as a write that fails, like a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    const auto from = name_of(arguments.from);
    const auto to = name_of(arguments.to);
    migrate_display display;
    try {
        const auto source = open_source(arguments);
        const auto sink = open_sink(arguments);
        const auto contents = crud::copy_records(from, *source, *sink,
                                                 [&](const auto& so_far) { display.show(so_far); });
        display.end();
        std::fprintf(stderr, "copied %s to %s\n", from.c_str(), to.c_str());
        std::printf("%s", describe_contents(contents).c_str());
        return 0;
    } catch (const crud::copy_differs& difference) {
        display.end();
        std::fprintf(stderr, "ocpi-sessions: %s\n", difference.what());
        return exit_differs;
    } catch (const crud::sqlite::damaged_database& damage) {
        display.end();
        std::fprintf(stderr, "ocpi-sessions: %s\n", damage.what());
        return exit_differs;
    }
}

}  // namespace ocpi::app
