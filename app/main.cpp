#include "app/command_line/program.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv)
{
    using namespace ocpi::app::command_line;
    CLI::App app("OCPI 2.3.0 sessions server for eMSPs and CPOs", "ocpi-sessions");
    app.require_subcommand(1);
    app.set_version_flag("--version", OCPI_SESSIONS_VERSION);
    program called{app, OCPI_SESSIONS_VERSION, {}};
    add_serve(called);
    add_token(called);
    add_partner(called);
    add_sync(called);
    add_backup(called);
    add_migrate(called);
    add_purge(called);
    add_leases(called);
    add_check(called);
    add_check_config(called);
    add_cost(called);
    add_simulate(called);
    add_generate(called);
    try {
        app.parse(argc, argv);
        return called.run();
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : 2;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ocpi-sessions: %s\n", failure.what());
        return 2;
    }
}
