#include "app/command_line/options.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace ocpi::app::command_line {
void set_action(program& of, CLI::App& command, std::function<int()> action)
{
    command.callback([&of, action = std::move(action)] { of.run = action; });
}

std::shared_ptr<platform_arguments> add_platform_options(const program& of, CLI::App& command)
{
    auto platform = std::make_shared<platform_arguments>();
    platform->version = of.version;
    command.add_option("--config", platform->config_file, "TOML file; flags override it");
    command.add_option(
        "--database", platform->database,
        "sqlite:PATH, postgresql://HOST/NAME or memory: (default sqlite:ocpi-sessions.db)");
    command.add_option("--database-password-file", platform->database_password_file,
                       password_file_help);
    command.add_flag("--allow-lost-writes", platform->allow_lost_writes, allow_lost_writes_help);
    command.add_option("--public-url", platform->public_url,
                       "How partners reach this server, for absolute URLs");
    command.add_flag("--dev", platform->development,
                     "Loopback only: party ES*ABC, operator token your-token, settable clock");
    return platform;
}

void add_database_options(CLI::App& command, database_settings& settings)
{
    command.add_option("--database", settings.url, "sqlite:PATH or postgresql://HOST/NAME")
        ->capture_default_str();
    command.add_option("--database-password-file", settings.password_file, password_file_help);
    command.add_flag("--allow-lost-writes", settings.allow_lost_writes, allow_lost_writes_help);
}

}  // namespace ocpi::app::command_line
