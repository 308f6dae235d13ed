#pragma once

#include "app/command_line/program.hpp"
#include "app/database.hpp"
#include "app/effective_config.hpp"

#include <memory>

/// What several subcommands share. Options refer to the variables that they set: the action of a
/// subcommand owns those.
namespace ocpi::app::command_line {

/// That is what runs if this subcommand is called.
void set_action(program& of, CLI::App& command, std::function<int()> action);

/// This platform's identity: from the configuration file, or from options that override it.
std::shared_ptr<platform_arguments> add_platform_options(const program& of, CLI::App& command);

/// A database of any kind.
void add_database_options(CLI::App& command, database_settings& settings);

constexpr const char* password_file_help =
    "File whose first line is the password of the database on PostgreSQL";
constexpr const char* allow_lost_writes_help =
    "Accept a PostgreSQL server with fsync or synchronous_commit off";

}  // namespace ocpi::app::command_line
