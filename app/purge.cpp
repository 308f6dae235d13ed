#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/finish.hpp"
#include "app/log.hpp"
#include "app/purge_report.hpp"
#include "app/terminal_line.hpp"
#include "application/session_purge.hpp"
#include "modules/driver_plans/driver_plan_store.hpp"

#include <cstdio>
#include <optional>
#include <stdexcept>

namespace ocpi::app {
namespace {

bool has_driver_plans(const std::shared_ptr<Crud>& crud)
{
    driver_plans::driver_plan_store plans(crud);
    return !finish(plans.list()).empty();
}

}  // namespace

int purge(const purge_arguments& arguments)
{
    const auto before = parse_purge_date(arguments.completed_before);
    if (!before) {
        throw std::runtime_error(
            "--completed-before takes a date such as 2026-01-01 or a DateTime such as "
            "2026-01-01T00:00:00Z, not \"" +
            arguments.completed_before + '"');
    }
    if (!is_durable(arguments.database.url)) {
        throw std::runtime_error("there are no sessions in " + arguments.database.url);
    }
    require_existing(arguments.database.url);
    const auto crud = open_database(arguments.database, make_stderr_logger(log_level::warning));
    purge_options options;
    options.completed_before = *before;
    options.removes = arguments.removes;
    if (has_driver_plans(crud)) {
        std::fprintf(stderr,
                     "note: a driver plan's tiers count the sessions that are stored: purge whole "
                     "months that have been billed\n");
    }
    std::optional<terminal_line> line(std::in_place, stderr);
    const auto show = [&](const purge_summary& so_far) {
        if (line->is_terminal()) line->draw(draw_purge_line(so_far, options.removes));
    };
    const auto summary = finish(purge_sessions(crud, options, show));
    line.reset();
    std::printf("%s", describe_purge(summary, options).c_str());
    for (const auto& [partner, count] : summary.partners) {
        std::fprintf(stderr, "kept: the partner %s lacks %llu of them\n", partner.c_str(),
                     static_cast<unsigned long long>(count));
    }
    if (!options.removes) std::fprintf(stderr, "this was a dry run; --yes removes them\n");
    return 0;
}

}  // namespace ocpi::app
