#include "app/commands.hpp"
#include "app/database.hpp"
#include "app/finish.hpp"
#include "app/lease_table.hpp"
#include "app/log.hpp"

#include <cstdio>

namespace ocpi::app {

int list_leases(const lease_arguments& arguments)
{
    std::vector<crud::lease_entry> all;
    std::shared_ptr<crud::leases> leases;
    // One process has a store in memory, and it is not this one.
    if (is_durable(arguments.database.url)) {
        require_existing(arguments.database.url);
        leases =
            open_database(arguments.database, make_stderr_logger(log_level::warning))->leases();
    }
    if (leases) {
        all = finish(leases->list());
    } else {
        std::fprintf(
            stderr,
            "one process does all work on %s: there are no leases, which several processes "
            "on one PostgreSQL database have\n",
            shown_url(arguments.database.url).c_str());
    }
    if (arguments.as_json) {
        std::printf("%s\n", leases_to_json(all).c_str());
    } else if (leases) {
        std::printf("%s", describe_leases(all).c_str());
    }
    return 0;
}

}  // namespace ocpi::app
