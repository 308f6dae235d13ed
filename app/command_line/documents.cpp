// The subcommands that read files and need no database.

#include "app/command_line/options.hpp"
#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {

void add_check(program& to)
{
    auto* command = to.app.add_subcommand("check", "Validate Session JSON, a line per problem");
    const auto files = std::make_shared<std::vector<std::string>>();
    command->add_option("FILE", *files, "Files with a Session or a list of them")->required();
    set_action(to, *command, [files] { return check(*files); });
}

void add_check_config(program& to)
{
    auto* command = to.app.add_subcommand(
        "check-config", "Print what a configuration file amounts to, or what is wrong in it");
    const auto file = std::make_shared<std::string>();
    command->add_option("FILE", *file, "TOML file")->required();
    set_action(to, *command, [file] { return check_config(*file); });
}

void add_cost(program& to)
{
    auto* command = to.app.add_subcommand("cost", "Price a Session or a CDR by tariffs, exactly");
    const auto wanted = std::make_shared<cost_arguments>();
    command->add_option("--session", wanted->session_file, "File with a Session or a CDR")
        ->required();
    command->add_option("--tariff", wanted->tariff_files,
                        "Files with a Tariff or a list of them (default: those of the CDR)");
    command->add_option("--time-zone", wanted->time_zone,
                        "Where the location is, like Europe/Madrid (default: UTC)");
    command->add_flag("--json", wanted->as_json, "Print one JSON object, nothing rounded");
    command
        ->add_option("--places", wanted->places, "Places of the amounts in the table (default: 2)")
        ->check(CLI::Range(0, 12));
    set_action(to, *command, [wanted] { return cost(*wanted); });
}

}  // namespace ocpi::app::command_line
