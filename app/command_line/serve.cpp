#include "app/command_line/options.hpp"
#include "app/commands.hpp"

#include <CLI/CLI.hpp>

namespace ocpi::app::command_line {

void add_serve(program& to)
{
    auto* command = to.app.add_subcommand("serve", "Run the server");
    const auto platform = add_platform_options(to, *command);
    command->add_option("--listen", platform->listen,
                        "HOST:PORT, port 0 for any free one (default 127.0.0.1:8000)");
    command->add_option("--admin-listen", platform->admin_listen,
                        "HOST:PORT of the admin listener (default: that of the configuration)");
    set_action(to, *command, [platform] { return serve(*platform); });
}

}  // namespace ocpi::app::command_line
