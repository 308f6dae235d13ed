#include "app/command_line/options.hpp"
#include "app/manual/write_manual.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {

void add_generate(program& to)
{
    auto* command =
        to.app.add_subcommand("generate", "Write man pages and shell completions")->group("");
    const auto directory = std::make_shared<std::string>();
    command->add_option("DIRECTORY", *directory, "Where to write them")->required();
    set_action(to, *command, [&to, directory] {
        return manual::write_manual(manual::describe(to.app), to.version, *directory);
    });
}

}  // namespace ocpi::app::command_line
