#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

/// The command line: the options of each subcommand, and which function of app/commands.hpp runs.
namespace ocpi::app::command_line {

/// The command line while the subcommands are added to it.
struct program {
    CLI::App& app;
    std::string version;
    /// What the subcommand that was called does; returns the exit status of the process. It is set
    /// when the command line is parsed.
    std::function<int()> run;
};

// Each adds a subcommand, or several that belong together.
void add_serve(program& to);
void add_token(program& to);
void add_partner(program& to);
void add_sync(program& to);
void add_backup(program& to);
void add_migrate(program& to);
void add_purge(program& to);
void add_leases(program& to);
void add_check(program& to);
void add_check_config(program& to);
void add_cost(program& to);
void add_simulate(program& to);
/// For packaging, not shown by --help.
void add_generate(program& to);

}  // namespace ocpi::app::command_line
